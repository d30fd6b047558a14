// Written by hand, for the self-test of the emulator.

@description('Cognitive Services account, in the resource group of this module.')
param accountName string

@description('Object id of the identity that authenticates to the account.')
param principalId string

@description('Role definition id of the identity\'s role on the account.')
param roleId string

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = {
  name: accountName
}

resource roleAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, roleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}

@description('Host of the account\'s endpoint.')
output host string = split(account.properties.endpoint, '/')[2]
