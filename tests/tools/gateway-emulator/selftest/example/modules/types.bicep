// Written by hand, for the self-test of the emulator.

@export()
@description('An existing resource, by name and place.')
type resourceReference = {
  @description('Name of the resource.')
  name: string

  @description('Resource group of the resource.')
  resourceGroup: string

  @description('Subscription of the resource. Default: that of the deployment.')
  subscriptionId: string?
}

@export()
@description('Entra ID settings of an API.')
type entraSettings = {
  @description('Tenant that issues the tokens of callers.')
  tenantId: string

  @description('Audience that the tokens must name.')
  audience: string
}

@export()
@description('Definition ids of the built-in roles that the gateway needs.')
var roles = {
  cognitiveServicesOpenAIUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
  cognitiveServicesUser: 'a97b65f3-24c7-4388-baec-2e87135dc908'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}
