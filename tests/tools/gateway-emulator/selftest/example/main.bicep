// Written by hand, for the self-test of the emulator.

import { entraSettings, resourceReference, roles } from 'modules/types.bicep'

@description('API Management service of the gateway, in the resource group of the deployment.')
param service {
  @description('Name of the service.')
  name: string

  @description('URL that callers use, without a slash at the end.')
  publicUrl: string
}

@description('Azure AI accounts behind the backends.')
param accounts {
  @description('Azure OpenAI account behind `east`.')
  east: resourceReference

  @description('Content Safety account behind `safety`.')
  safety: resourceReference

  @description('Azure OpenAI account behind `west`.')
  west: resourceReference
}

@description('URLs of the backends that are no Azure accounts.')
param hosts {
  @description('URL of `weather`.')
  weather: string
}

@description('Entra ID settings of the APIs that validate tokens.')
param entra {
  @description('Settings of `openai`.')
  openai: entraSettings
}

@description('Where logs and metrics go.')
param monitoring {
  @description('Application Insights component that takes requests and metrics.')
  applicationInsights: resourceReference

  @description('Log Analytics workspace that takes LLM logs.')
  logAnalytics: resourceReference
}

resource gateway 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: service.name
}

module eastRole 'modules/account-role.bicep' = {
  scope: resourceGroup(accounts.east.?subscriptionId ?? subscription().subscriptionId, accounts.east.resourceGroup)
  params: {
    accountName: accounts.east.name
    principalId: gateway.identity.principalId
    roleId: roles.cognitiveServicesOpenAIUser
  }
}

module safetyRole 'modules/account-role.bicep' = {
  scope: resourceGroup(accounts.safety.?subscriptionId ?? subscription().subscriptionId, accounts.safety.resourceGroup)
  params: {
    accountName: accounts.safety.name
    principalId: gateway.identity.principalId
    roleId: roles.cognitiveServicesUser
  }
}

module westRole 'modules/account-role.bicep' = {
  scope: resourceGroup(accounts.west.?subscriptionId ?? subscription().subscriptionId, accounts.west.resourceGroup)
  params: {
    accountName: accounts.west.name
    principalId: gateway.identity.principalId
    roleId: roles.cognitiveServicesOpenAIUser
  }
}

module applicationInsightsRole 'modules/application-insights-role.bicep' = {
  scope: resourceGroup(
    monitoring.applicationInsights.?subscriptionId ?? subscription().subscriptionId,
    monitoring.applicationInsights.resourceGroup
  )
  params: {
    componentName: monitoring.applicationInsights.name
    principalId: gateway.identity.principalId
    roleId: roles.monitoringMetricsPublisher
  }
}

module backends 'modules/backends.bicep' = {
  params: {
    serviceName: service.name
    eastHost: eastRole.outputs.host
    westHost: westRole.outputs.host
    safetyHost: safetyRole.outputs.host
    weatherUrl: hosts.weather
    openaiEntra: entra.openai
  }
}

module apis 'modules/apis.bicep' = {
  params: {
    serviceName: service.name
  }
  dependsOn: [
    backends
  ]
}

module mcp 'modules/mcp.bicep' = {
  params: {
    serviceName: service.name
    weatherApiName: apis.outputs.weatherName
  }
}

module tenants 'modules/tenants.bicep' = {
  params: {
    serviceName: service.name
    openaiName: apis.outputs.openaiName
    weatherName: apis.outputs.weatherName
    weatherToolsName: mcp.outputs.weatherToolsName
  }
}

module observability 'modules/observability.bicep' = {
  params: {
    serviceName: service.name
    openaiName: apis.outputs.openaiName
    weatherName: apis.outputs.weatherName
    weatherToolsName: mcp.outputs.weatherToolsName
    applicationInsights: monitoring.applicationInsights
    logAnalytics: monitoring.logAnalytics
  }
}

@description('URL of each API and MCP server.')
output urls object = {
  openai: '${service.publicUrl}/openai'
  weather: '${service.publicUrl}/weather'
  'weather-tools': '${service.publicUrl}/weather-mcp/mcp'
}

@description('Name of each tenant\'s subscription, whose keys listSecrets returns.')
output subscriptions object = tenants.outputs.subscriptions
