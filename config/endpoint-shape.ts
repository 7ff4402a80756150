import * as z from 'zod';

/** A name and a tag, or a digest, behind the name of a registry. */
const anImage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)+(:(?!latest(@|$))[\w.-]{1,128})?(@sha256:[a-f0-9]{64})?$/, {
    error:
      'an image with a registry, and a tag that is not latest or a digest, such as 111122223333.dkr.ecr.us-east-1.amazonaws.com/spend-guard:1.4.0',
  });

const subnet = z.strictObject({
  /** Private: its tasks get no public address, and reach AWS by a NAT gateway or by VPC endpoints. */
  id: z
    .string()
    .regex(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, { error: 'the id of a subnet such as subnet-0123456789abcdef0' }),
  zone: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, { error: 'an availability zone such as us-east-1a' }),
});

/** `spend-guard serve` on Fargate, behind an internal load balancer. */
export const endpointShape = {
  /** The VPC of the callers, which is there already. */
  vpcId: z
    .string()
    .regex(/^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, { error: 'the id of a VPC such as vpc-0123456789abcdef0' }),
  /** For the load balancer and the tasks: one in each of two zones or more. */
  subnets: z.array(subnet).min(2).readonly(),
  /** Of AWS Certificate Manager, for the name by which callers call it. */
  certificateArn: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, {
    error: 'the ARN of a certificate, arn:aws:acm:us-east-1:111122223333:certificate/…',
  }),
  /** Of `spend-guard serve`, for ARM; docs/serve-on-fargate.md says how it is built. */
  image: anImage,
  /** From where it may be called, such as the range of the VPC. */
  allowedCidrs: z
    .array(z.cidrv4({ error: 'a range of IPv4 addresses such as 10.0.0.0/16' }))
    .min(1)
    .readonly(),
  /** Absent: 2. */
  minTasks: z.int().min(2).max(100).optional(),
  /** Absent: 10, or `minTasks` where that is more. */
  maxTasks: z.int().min(2).max(100).optional(),
} as const;

export const endpointSchema = z.strictObject(endpointShape);

export type EndpointInput = z.output<typeof endpointSchema>;
