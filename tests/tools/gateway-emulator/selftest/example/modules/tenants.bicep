// Written by hand, for the self-test of the emulator.

@description('API Management service of the gateway.')
param serviceName string

@description('Name of the API `openai` in the service.')
param openaiName string

@description('Name of the API `weather` in the service.')
param weatherName string

@description('Name of the MCP server `weather-tools` in the service.')
param weatherToolsName string

var tenants = {
  contoso: {
    displayName: 'Contoso'
    plan: 'premium'
    state: 'active'
  }
  fabrikam: {
    displayName: 'Fabrikam Inc.'
    plan: 'standard'
    state: 'active'
  }
  northwind: {
    displayName: 'Northwind Traders'
    plan: 'standard'
    state: 'suspended'
  }
}

var products = {
  premium: premium.id
  standard: standard.id
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource premium 'Microsoft.ApiManagement/service/products@2024-05-01' = {
  parent: service
  name: 'aigw-premium'
  properties: {
    displayName: 'Premium'
    state: 'published'
    subscriptionRequired: true
    approvalRequired: false
  }
}

resource premiumApis 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = [
  for api in [openaiName, weatherName, weatherToolsName]: {
    parent: premium
    name: api
  }
]

resource standard 'Microsoft.ApiManagement/service/products@2024-05-01' = {
  parent: service
  name: 'aigw-standard'
  properties: {
    displayName: 'Standard'
    state: 'published'
    subscriptionRequired: true
    approvalRequired: false
  }
}

resource standardApis 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = [
  for api in [openaiName, weatherName, weatherToolsName]: {
    parent: standard
    name: api
  }
]

resource tenantSubscriptions 'Microsoft.ApiManagement/service/subscriptions@2024-05-01' = [
  for tenant in items(tenants): {
    parent: service
    name: 'aigw-${tenant.key}'
    properties: {
      displayName: tenant.value.displayName
      scope: products[tenant.value.plan]
      state: tenant.value.state
      allowTracing: false
    }
  }
]

@description('Name of each tenant\'s subscription, whose keys listSecrets returns.')
output subscriptions object = toObject(items(tenants), tenant => tenant.key, tenant => 'aigw-${tenant.key}')
