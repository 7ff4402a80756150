import { allow, deny, document, none, one, type Pair } from './pairs';

/** Of machines, networks, and what listens on them. */
export const OPENINGS_OF_NETWORKS: readonly Pair[] = [
  [
    'a function URL without sign-in',
    one('AWS::Lambda::Url', { TargetFunctionArn: 'f', AuthType: 'AWS_IAM' }),
    one('AWS::Lambda::Url', { TargetFunctionArn: 'f', AuthType: 'NONE' }),
  ],
  ['a new function URL without sign-in', none(), one('AWS::Lambda::Url', { TargetFunctionArn: 'f', AuthType: 'NONE' })],
  [
    'a layer for everybody',
    one('AWS::Lambda::LayerVersionPermission', {
      Action: 'lambda:GetLayerVersion',
      LayerVersionArn: 'l',
      Principal: '111122223333',
    }),
    one('AWS::Lambda::LayerVersionPermission', {
      Action: 'lambda:GetLayerVersion',
      LayerVersionArn: 'l',
      Principal: '*',
    }),
  ],
  [
    'a function with another role',
    one('AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/a' }),
    one('AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/admin' }),
  ],
  [
    "a queue's policy loses a deny",
    one('AWS::SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: document(deny('sqs:*', 'q', { Principal: '*' })) }),
    one('AWS::SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: document() }),
  ],
  [
    'a rule of its own',
    none(),
    one('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', IpProtocol: '-1', CidrIp: '0.0.0.0/0' }),
  ],
  [
    'a way out',
    one('AWS::EC2::SecurityGroup', {
      GroupDescription: 'g',
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }],
    }),
    one('AWS::EC2::SecurityGroup', { GroupDescription: 'g' }),
  ],
  [
    "an endpoint's policy goes",
    one('AWS::EC2::VPCEndpoint', {
      VpcId: 'v',
      PolicyDocument: document(allow('s3:GetObject', '*', { Principal: '*' })),
    }),
    one('AWS::EC2::VPCEndpoint', { VpcId: 'v' }),
  ],
  [
    'an instance with another profile',
    one('AWS::EC2::Instance', { IamInstanceProfile: 'a' }),
    one('AWS::EC2::Instance', { IamInstanceProfile: 'admin' }),
  ],
  [
    'instance data without a token',
    one('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } }),
    one('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'optional' } } }),
  ],
  [
    'a public cluster',
    one('AWS::EKS::Cluster', { ResourcesVpcConfig: { EndpointPublicAccess: true, PublicAccessCidrs: ['10.0.0.0/8'] } }),
    one('AWS::EKS::Cluster', { ResourcesVpcConfig: { EndpointPublicAccess: true, PublicAccessCidrs: ['0.0.0.0/0'] } }),
  ],
  [
    'an access entry',
    none(),
    one('AWS::EKS::AccessEntry', {
      ClusterName: 'c',
      PrincipalArn: 'arn:aws:iam::111122223333:role/a',
      AccessPolicies: [],
    }),
  ],
  [
    "a domain's policy for everybody",
    one('AWS::OpenSearchService::Domain', {}),
    one('AWS::OpenSearchService::Domain', { AccessPolicies: document(allow('es:*', '*', { Principal: '*' })) }),
  ],
  ['no firewall', one('AWS::WAFv2::WebACLAssociation', { ResourceArn: 'r', WebACLArn: 'w' }), none()],
  [
    'a balancer that faces the internet',
    one('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }),
    one('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }),
  ],
  [
    'a listener in clear',
    one('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: 'l', Protocol: 'HTTPS' }),
    one('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: 'l', Protocol: 'HTTP' }),
  ],
  [
    'a distribution in clear',
    one('AWS::CloudFront::Distribution', {
      DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: 'https-only' } },
    }),
    one('AWS::CloudFront::Distribution', {
      DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: 'allow-all' } },
    }),
  ],
  [
    "a file system's encryption goes",
    one('AWS::EFS::FileSystem', { Encrypted: true }),
    one('AWS::EFS::FileSystem', { Encrypted: false }),
  ],
  [
    'a public project',
    one('AWS::CodeBuild::Project', { Visibility: 'PRIVATE' }),
    one('AWS::CodeBuild::Project', { Visibility: 'PUBLIC_READ' }),
  ],
  [
    'a privileged container',
    one('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'a', Privileged: false }] }),
    one('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'a', Privileged: true }] }),
  ],
  [
    'a shell in containers',
    one('AWS::ECS::Service', { EnableExecuteCommand: false }),
    one('AWS::ECS::Service', { EnableExecuteCommand: true }),
  ],
  [
    'tasks with public addresses',
    one('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } }),
    one('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } }),
  ],
  [
    'a subnet with public addresses',
    one('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false }),
    one('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }),
  ],
  [
    'a service for everybody',
    one('AWS::EC2::VPCEndpointServicePermissions', { ServiceId: 's', AllowedPrincipals: [] }),
    one('AWS::EC2::VPCEndpointServicePermissions', { ServiceId: 's', AllowedPrincipals: ['*'] }),
  ],
  [
    'a service that takes in whoever asks',
    one('AWS::EC2::VPCEndpointService', { AcceptanceRequired: true }),
    one('AWS::EC2::VPCEndpointService', { AcceptanceRequired: false }),
  ],
  [
    'a network list that allows',
    one('AWS::EC2::NetworkAclEntry', {
      NetworkAclId: 'n',
      RuleNumber: 1,
      RuleAction: 'deny',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    }),
    one('AWS::EC2::NetworkAclEntry', {
      NetworkAclId: 'n',
      RuleNumber: 1,
      RuleAction: 'allow',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    }),
  ],
  [
    'a network list that denies no more',
    one('AWS::EC2::NetworkAclEntry', {
      NetworkAclId: 'n',
      RuleNumber: 1,
      RuleAction: 'deny',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    }),
    none(),
  ],
  [
    'a route to the internet',
    none(),
    one('AWS::EC2::Route', { RouteTableId: 'r', DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw' }),
  ],
  [
    'a firewall that lets through',
    one('AWS::WAFv2::WebACL', { DefaultAction: { Block: {} } }),
    one('AWS::WAFv2::WebACL', { DefaultAction: { Allow: {} } }),
  ],
  [
    'a rule of a firewall goes',
    one('AWS::WAFv2::WebACL', { Rules: [{ Name: 'a', Priority: 1 }] }),
    one('AWS::WAFv2::WebACL', { Rules: [] }),
  ],
  [
    'an origin without control',
    one('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [{ Id: 'a', OriginAccessControlId: 'x' }] },
    }),
    one('AWS::CloudFront::Distribution', { DistributionConfig: { Origins: [{ Id: 'a' }] } }),
  ],
  [
    'a distribution without a firewall',
    one('AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: 'w' } }),
    one('AWS::CloudFront::Distribution', { DistributionConfig: {} }),
  ],
  [
    'a distribution without signed addresses',
    one('AWS::CloudFront::Distribution', { DistributionConfig: { DefaultCacheBehavior: { TrustedKeyGroups: ['k'] } } }),
    one('AWS::CloudFront::Distribution', { DistributionConfig: { DefaultCacheBehavior: {} } }),
  ],
  [
    'another policy of a cluster',
    one('AWS::EKS::AccessEntry', { ClusterName: 'c', PrincipalArn: 'p', AccessPolicies: [{ PolicyArn: 'view' }] }),
    one('AWS::EKS::AccessEntry', { ClusterName: 'c', PrincipalArn: 'p', AccessPolicies: [{ PolicyArn: 'admin' }] }),
  ],
  [
    'one more exception of a deny',
    one('AWS::SQS::QueuePolicy', {
      Queues: ['q'],
      PolicyDocument: document({ Effect: 'Deny', Action: 'sqs:*', Resource: '*', NotPrincipal: { AWS: 'a' } }),
    }),
    one('AWS::SQS::QueuePolicy', {
      Queues: ['q'],
      PolicyDocument: document({ Effect: 'Deny', Action: 'sqs:*', Resource: '*', NotPrincipal: { AWS: ['a', 'b'] } }),
    }),
  ],
  [
    'a public server',
    one('AWS::Transfer::Server', { EndpointType: 'VPC' }),
    one('AWS::Transfer::Server', { EndpointType: 'PUBLIC' }),
  ],
  [
    'a rule without sign-in',
    one('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: [
        { Type: 'authenticate-oidc', Order: 1 },
        { Type: 'forward', Order: 2 },
      ],
    }),
    one('AWS::ElasticLoadBalancingV2::ListenerRule', { Actions: [{ Type: 'forward', Order: 2 }] }),
  ],
  [
    'an image for everybody',
    one('AWS::ImageBuilder::DistributionConfiguration', {
      Name: 'n',
      Distributions: [
        { Region: 'r', AmiDistributionConfiguration: { LaunchPermissionConfiguration: { UserIds: ['1'] } } },
      ],
    }),
    one('AWS::ImageBuilder::DistributionConfiguration', {
      Name: 'n',
      Distributions: [
        {
          Region: 'r',
          AmiDistributionConfiguration: { LaunchPermissionConfiguration: { UserIds: ['1'], UserGroups: ['all'] } },
        },
      ],
    }),
  ],
];
