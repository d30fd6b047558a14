// Written by hand, for the self-test of the emulator.

@description('Application Insights component, in the resource group of this module.')
param componentName string

@description('Object id of the gateway\'s identity.')
param principalId string

@description('Role definition id of the identity\'s role on the component.')
param roleId string

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource roleAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: component
  name: guid(component.id, principalId, roleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}
