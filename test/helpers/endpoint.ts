/** A config's `endpoint`, in the Region and account of the shipped environments. */
export const ENDPOINT = {
  vpcId: 'vpc-0123456789abcdef0',
  subnets: [
    { id: 'subnet-0123456789abcdef0', zone: 'us-east-1a' },
    { id: 'subnet-0123456789abcdef1', zone: 'us-east-1b' },
  ],
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/tools/spend-guard:1.4.0',
  allowedCidrs: ['10.0.0.0/16', '10.8.0.0/16'],
} as const;
