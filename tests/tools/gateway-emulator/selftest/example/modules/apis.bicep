// Written by hand, for the self-test of the emulator.

@description('API Management service of the gateway.')
param serviceName string

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource tenant 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = {
  parent: service
  name: 'aigw-tenant'
  properties: {
    description: 'Derives the tenant and its plan, and refuses callers without one.'
    format: 'xml'
    value: loadTextContent('../policies/fragment-tenant.xml')
  }
}

resource tenantLimits 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = {
  parent: service
  name: 'aigw-tenant-limits'
  properties: {
    description: 'Token limits of the plans.'
    format: 'xml'
    value: loadTextContent('../policies/fragment-tenant-limits.xml')
  }
}

resource openai 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'aigw-openai'
  properties: {
    displayName: 'Azure OpenAI'
    path: 'openai'
    protocols: ['https']
    apiRevision: '1'
    subscriptionRequired: true
    subscriptionKeyParameterNames: {
      header: 'api-key'
      query: 'subscription-key'
    }
    format: 'openapi+json'
    value: loadTextContent('../specs/openai.json')
  }
}

resource openaiPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: openai
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: loadTextContent('../policies/api-openai.xml')
  }
  dependsOn: [
    tenant
    tenantLimits
  ]
}

resource weather 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'aigw-weather'
  properties: {
    displayName: 'Weather'
    description: 'Forecasts, alerts and observations.'
    path: 'weather'
    protocols: ['https']
    apiRevision: '1'
    subscriptionRequired: true
    subscriptionKeyParameterNames: {
      header: 'Ocp-Apim-Subscription-Key'
      query: 'subscription-key'
    }
    format: 'openapi+json'
    value: loadTextContent('../specs/weather.json')
  }
  dependsOn: [
    openai
  ]
}

resource weatherPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: weather
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: loadTextContent('../policies/api-weather.xml')
  }
}

@description('Name of the API `openai` in the service.')
output openaiName string = openai.name

@description('Name of the API `weather` in the service.')
output weatherName string = weather.name
