// Written by hand, for the self-test of the emulator.

using './main.bicep'

param service = {
  name: 'apim-contoso-ai'
  publicUrl: 'https://ai.contoso.com'
}

param accounts = {
  east: {
    name: 'aoai-contoso-east'
    resourceGroup: 'rg-ai-east'
  }
  safety: {
    name: 'cs-contoso'
    resourceGroup: 'rg-ai-east'
  }
  west: {
    name: 'aoai-contoso-west'
    resourceGroup: 'rg-ai-west'
    subscriptionId: '22222222-2222-2222-2222-222222222222'
  }
}

param hosts = {
  weather: 'https://weather.contoso.com/v1'
}

param entra = {
  openai: {
    tenantId: '33333333-3333-3333-3333-333333333333'
    audience: 'api://contoso-ai'
  }
}

param monitoring = {
  applicationInsights: {
    name: 'appi-contoso'
    resourceGroup: 'rg-monitor'
  }
  logAnalytics: {
    name: 'log-contoso'
    resourceGroup: 'rg-monitor'
  }
}
