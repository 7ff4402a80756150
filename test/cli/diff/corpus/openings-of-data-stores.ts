import { one, type Pair } from './pairs';

/** Of what stores data and passes it on: encryption, sign-in and who can reach it. */
export const OPENINGS_OF_DATA_STORES: readonly Pair[] = [
  ["a queue's encryption goes", one('AWS::SQS::Queue', { KmsMasterKeyId: 'k' }), one('AWS::SQS::Queue', {})],
  [
    'a public warehouse',
    one('AWS::Redshift::Cluster', { PubliclyAccessible: false }),
    one('AWS::Redshift::Cluster', { PubliclyAccessible: true }),
  ],
  ['a volume in clear', one('AWS::EC2::Volume', { Encrypted: true }), one('AWS::EC2::Volume', { Encrypted: false })],
  [
    'brokers in clear',
    one('AWS::MSK::Cluster', { EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS' } } }),
    one('AWS::MSK::Cluster', { EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'PLAINTEXT' } } }),
  ],
  [
    'brokers that face the internet',
    one('AWS::MSK::Cluster', { BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } } } }),
    one('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'SERVICE_PROVIDED_EIPS' } } },
    }),
  ],
  [
    'brokers without sign-in',
    one('AWS::MSK::Cluster', { ClientAuthentication: { Unauthenticated: { Enabled: false } } }),
    one('AWS::MSK::Cluster', { ClientAuthentication: { Unauthenticated: { Enabled: true } } }),
  ],
  [
    'a cache in clear',
    one('AWS::ElastiCache::ReplicationGroup', { AtRestEncryptionEnabled: true }),
    one('AWS::ElastiCache::ReplicationGroup', { AtRestEncryptionEnabled: false }),
  ],
  [
    'a domain without https',
    one('AWS::OpenSearchService::Domain', { DomainEndpointOptions: { EnforceHTTPS: true } }),
    one('AWS::OpenSearchService::Domain', { DomainEndpointOptions: { EnforceHTTPS: false } }),
  ],
  [
    'a domain without access control',
    one('AWS::OpenSearchService::Domain', { AdvancedSecurityOptions: { Enabled: true } }),
    one('AWS::OpenSearchService::Domain', { AdvancedSecurityOptions: { Enabled: false } }),
  ],
  [
    'a notebook with root',
    one('AWS::SageMaker::NotebookInstance', { RootAccess: 'Disabled' }),
    one('AWS::SageMaker::NotebookInstance', { RootAccess: 'Enabled' }),
  ],
  [
    'a notebook on the internet',
    one('AWS::SageMaker::NotebookInstance', { DirectInternetAccess: 'Disabled' }),
    one('AWS::SageMaker::NotebookInstance', { DirectInternetAccess: 'Enabled' }),
  ],
  [
    'a graph without IAM',
    one('AWS::Neptune::DBCluster', { IamAuthEnabled: true }),
    one('AWS::Neptune::DBCluster', { IamAuthEnabled: false }),
  ],
];
