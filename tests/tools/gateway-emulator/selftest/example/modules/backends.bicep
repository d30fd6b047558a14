// Written by hand, for the self-test of the emulator.

import { entraSettings } from 'types.bicep'

@description('API Management service of the gateway.')
param serviceName string

@description('Host of the account behind `east`.')
param eastHost string

@description('Host of the account behind `west`.')
param westHost string

@description('Host of the account behind `safety`.')
param safetyHost string

@description('URL of `weather`.')
param weatherUrl string

@description('Entra ID settings of `openai`.')
param openaiEntra entraSettings

var gpt4oCircuitBreaker = {
  rules: [
    {
      name: 'gpt-4o'
      tripDuration: 'PT1M'
      acceptRetryAfter: true
      failureCondition: {
        count: 1
        interval: 'PT1M'
        statusCodeRanges: [
          { min: 429, max: 429 }
          { min: 502, max: 503 }
        ]
      }
    }
  ]
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource eastEmbed 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-east-embed'
  properties: {
    type: 'Single'
    protocol: 'http'
    url: 'https://${eastHost}/openai/deployments/embed'
  }
}

resource eastEmbedCache 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-east-embed-cache'
  properties: {
    type: 'Single'
    protocol: 'http'
    url: 'https://${eastHost}/openai/deployments/embed/embeddings'
  }
}

resource eastGpt4o 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-east-gpt-4o'
  properties: {
    type: 'Single'
    protocol: 'http'
    url: 'https://${eastHost}/openai/deployments/gpt-4o'
    circuitBreaker: gpt4oCircuitBreaker
  }
}

resource westGpt4o 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-west-gpt-4o'
  properties: {
    type: 'Single'
    protocol: 'http'
    url: 'https://${westHost}/openai/deployments/gpt-4o'
    circuitBreaker: gpt4oCircuitBreaker
  }
}

resource gpt4o 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-gpt-4o'
  properties: {
    type: 'Pool'
    pool: {
      services: [
        {
          id: eastGpt4o.id
          priority: 1
          weight: 3
        }
        {
          id: westGpt4o.id
          priority: 2
        }
      ]
    }
  }
}

resource safety 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-safety'
  properties: {
    type: 'Single'
    protocol: 'http'
    url: 'https://${safetyHost}'
    credentials: {
      // The service takes this property, its published types lack it.
      #disable-next-line BCP037
      managedIdentity: {
        resource: 'https://cognitiveservices.azure.com'
      }
    }
  }
}

resource weather 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'aigw-weather'
  properties: {
    type: 'Single'
    protocol: 'http'
    url: weatherUrl
  }
}

resource openaiAudience 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = {
  parent: service
  name: 'aigw-openai-audience'
  properties: {
    displayName: 'aigw-openai-audience'
    value: openaiEntra.audience
    secret: false
  }
}

resource openaiTenantId 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = {
  parent: service
  name: 'aigw-openai-tenant-id'
  properties: {
    displayName: 'aigw-openai-tenant-id'
    value: openaiEntra.tenantId
    secret: false
  }
}

resource safetyHostValue 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = {
  parent: service
  name: 'aigw-safety-host'
  properties: {
    displayName: 'aigw-safety-host'
    value: safetyHost
    secret: false
  }
}
