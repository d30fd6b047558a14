// Written by hand, for the self-test of the emulator.

@description('API Management service of the gateway.')
param serviceName string

@description('API whose operations are the tools.')
param weatherApiName string

var weatherTools = [
  {
    name: 'get_alerts'
    operation: 'getalerts'
    description: 'Severe weather alerts in force for a region.'
  }
  {
    name: 'get_forecast'
    operation: 'getforecast'
    description: 'Weather forecast for a place and day.'
  }
]

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName

  resource weather 'apis' existing = {
    name: weatherApiName
  }
}

resource weatherToolsServer 'Microsoft.ApiManagement/service/apis@2025-09-01-preview' = {
  parent: service
  name: 'aigw-weather-tools'
  properties: {
    type: 'mcp'
    displayName: 'Weather tools'
    description: 'Weather forecasts and alerts for agents.'
    path: 'weather-mcp'
    protocols: ['https']
    subscriptionRequired: true
    subscriptionKeyParameterNames: {
      header: 'Ocp-Apim-Subscription-Key'
      query: 'subscription-key'
    }
  }
}

@batchSize(1)
resource weatherToolsTools 'Microsoft.ApiManagement/service/apis/tools@2025-09-01-preview' = [
  for tool in weatherTools: {
    parent: weatherToolsServer
    name: tool.name
    properties: {
      displayName: tool.name
      description: tool.description
      operationId: '${service::weather.id}/operations/${tool.operation}'
    }
  }
]

resource weatherToolsPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: weatherToolsServer
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: loadTextContent('../policies/mcp-weather-tools.xml')
  }
  dependsOn: [
    weatherToolsTools
  ]
}

@description('Name of the MCP server `weather-tools` in the service.')
output weatherToolsName string = weatherToolsServer.name
