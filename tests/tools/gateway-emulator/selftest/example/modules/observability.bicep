// Written by hand, for the self-test of the emulator.

import { resourceReference } from 'types.bicep'

@description('API Management service of the gateway.')
param serviceName string

@description('Name of the API `openai` in the service.')
param openaiName string

@description('Name of the API `weather` in the service.')
param weatherName string

@description('Name of the MCP server `weather-tools` in the service.')
param weatherToolsName string

@description('Application Insights component that takes requests and metrics.')
param applicationInsights resourceReference

@description('Log Analytics workspace that takes LLM logs.')
param logAnalytics resourceReference

// Logging a body would hold back a stream, and break an MCP server.
var noBody = {
  request: {
    headers: []
    body: {
      bytes: 0
    }
  }
  response: {
    headers: []
    body: {
      bytes: 0
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  scope: resourceGroup(
    applicationInsights.?subscriptionId ?? subscription().subscriptionId,
    applicationInsights.resourceGroup
  )
  name: applicationInsights.name
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  scope: resourceGroup(logAnalytics.?subscriptionId ?? subscription().subscriptionId, logAnalytics.resourceGroup)
  name: logAnalytics.name
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName

  resource openai 'apis' existing = {
    name: openaiName
  }

  resource weather 'apis' existing = {
    name: weatherName
  }

  resource weatherTools 'apis' existing = {
    name: weatherToolsName
  }
}

resource applicationInsightsLogger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'aigw-application-insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: component.id
    credentials: {
      connectionString: component.properties.ConnectionString
      identityClientId: 'SystemAssigned'
    }
  }
}

resource azureMonitorLogger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'azuremonitor'
  properties: {
    loggerType: 'azureMonitor'
  }
}

resource openaiInsights 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: service::openai
  name: 'applicationinsights'
  properties: {
    loggerId: applicationInsightsLogger.id
    alwaysLog: 'allErrors'
    sampling: {
      samplingType: 'fixed'
      percentage: 100
    }
    verbosity: 'information'
    httpCorrelationProtocol: 'W3C'
    logClientIp: false
    metrics: true
    frontend: noBody
    backend: noBody
  }
}

resource openaiLlmLogs 'Microsoft.ApiManagement/service/apis/diagnostics@2025-09-01-preview' = {
  parent: service::openai
  name: 'azuremonitor'
  properties: {
    loggerId: azureMonitorLogger.id
    alwaysLog: 'allErrors'
    sampling: {
      samplingType: 'fixed'
      percentage: 100
    }
    verbosity: 'information'
    logClientIp: false
    frontend: noBody
    backend: noBody
    largeLanguageModel: {
      logs: 'enabled'
    }
  }
  dependsOn: [
    openaiInsights
  ]
}

resource weatherInsights 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: service::weather
  name: 'applicationinsights'
  properties: {
    loggerId: applicationInsightsLogger.id
    alwaysLog: 'allErrors'
    sampling: {
      samplingType: 'fixed'
      percentage: 100
    }
    verbosity: 'information'
    httpCorrelationProtocol: 'W3C'
    logClientIp: false
    frontend: noBody
    backend: noBody
  }
}

resource weatherToolsInsights 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: service::weatherTools
  name: 'applicationinsights'
  properties: {
    loggerId: applicationInsightsLogger.id
    alwaysLog: 'allErrors'
    sampling: {
      samplingType: 'fixed'
      percentage: 100
    }
    verbosity: 'information'
    httpCorrelationProtocol: 'W3C'
    logClientIp: false
    frontend: noBody
    backend: noBody
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: service
  name: 'aigw-logs'
  properties: {
    workspaceId: workspace.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'GatewayLogs'
        enabled: true
      }
      {
        category: 'GatewayLlmLogs'
        enabled: true
      }
      {
        category: 'GatewayMCPLogs'
        enabled: true
      }
    ]
  }
}
