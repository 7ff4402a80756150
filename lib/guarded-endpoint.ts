import { CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EndpointConfig } from '../config';
import type { EndpointCounts } from '../core/estimates';
import { CLIENT_CONFIG_VARIABLE, type CompleteClientConfig } from '../core/in-path';
import { GuardError } from '../core/errors';
import type { InvokerRole } from './invoker-role';
import { fixLogicalId } from './logical-ids';
import { tasksPrincipal } from './tasks-principal';

export interface GuardedEndpointProps {
  readonly environment: string;
  readonly endpoint: EndpointConfig;
  /** Under which the servers run: a stop of the environment stops them too. */
  readonly invoker: InvokerRole;
  /** What they are told of the environment, with the values of its deployment. */
  readonly clientConfig: CompleteClientConfig;
  /** Refuses to delete the load balancer by hand. */
  readonly isProduction: boolean;
}

const HTTPS = 443;
const PORT = 8787;
const VCPU = 1;
const GB = 2;
/**
 * The longest that there is (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html, read
 * 2026-11-29): by its default of 60 seconds it would cut off whoever waits for an answer that does not stream, and all of whose tokens
 * are paid for.
 */
const IDLE = Duration.seconds(4000);
/** A task that goes takes no more calls, and has so long until those in flight have ended. */
const DRAINING = Duration.minutes(15);
/** The longest of Fargate (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, read 2026-11-29). */
const STOP = Duration.seconds(120);
/** A call takes seconds: at ten seconds each, some 500 at a time. */
const REQUESTS_A_MINUTE = 3_000;
/** Of a task definition in all (https://docs.aws.amazon.com/general/latest/gr/ecs-service.html, read 2026-11-29), with room for the rest of it. */
const MAX_CONFIG_BYTES = 48 * 1024;
const NON_ROOT = '10001:10001';

/**
 * `spend-guard serve` for a whole VPC: tasks of Fargate behind a load balancer that nobody reaches from the internet. It holds nothing that
 * another instance needs; what they share is the leases table.
 */
export class GuardedEndpoint extends Construct {
  readonly counts: EndpointCounts;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GuardedEndpointProps,
  ) {
    super(scope, id);
    const { minTasks, maxTasks, vpcId, subnets } = props.endpoint;
    this.counts = { minTasks, maxTasks, vcpuPerTask: VCPU, gbPerTask: GB };
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      availabilityZones: subnets.map(({ zone }) => zone),
      privateSubnetIds: subnets.map(({ id: subnetId }) => subnetId),
    });
    Validations.of(this).acknowledge(
      { id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId', reason: 'Nothing here reads the tables of routes.' },
      { id: 'Annotation::@aws-cdk/aws-ecs:ecrImageRequiresPolicy', reason: 'The execution role names its repository.' },
    );
    const balancer = this.balancer(vpc);
    const service = this.service(vpc);
    service.connections.allowFrom(balancer, ec2.Port.tcp(PORT), 'The load balancer alone');
    const targets = new elb.ApplicationTargetGroup(this, 'Targets', {
      vpc,
      port: PORT,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [service],
      deregistrationDelay: DRAINING,
      healthCheck: {
        path: '/healthz',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
        healthyHttpCodes: '200',
      },
    });
    balancer.addListener('Https', {
      port: HTTPS,
      protocol: elb.ApplicationProtocol.HTTPS,
      sslPolicy: elb.SslPolicy.TLS13_RES,
      certificates: [elb.ListenerCertificate.fromArn(props.endpoint.certificateArn)],
      // From the given ranges alone.
      open: false,
      defaultTargetGroups: [targets],
    });
    service
      .autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks })
      .scaleOnRequestCount('Requests', { requestsPerTarget: REQUESTS_A_MINUTE, targetGroup: targets });
    fixLogicalId(
      new CfnOutput(this, 'DnsName', {
        value: balancer.loadBalancerDnsName,
        description: "Let the certificate's name be an alias of this",
      }),
      'GuardedEndpointDnsName',
    );
  }

  private balancer(vpc: ec2.IVpc): elb.ApplicationLoadBalancer {
    const securityGroup = new ec2.SecurityGroup(this, 'BalancerAccess', {
      vpc,
      description: 'Spend guard: who may call the endpoint',
      allowAllOutbound: false,
    });
    for (const cidr of this.props.endpoint.allowedCidrs) {
      securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(HTTPS), 'By the config');
    }
    const balancer = new elb.ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: { subnets: vpc.privateSubnets },
      internetFacing: false,
      securityGroup,
      idleTimeout: IDLE,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elb.DesyncMitigationMode.STRICTEST,
      deletionProtection: this.props.isProduction,
    });
    Validations.of(balancer).acknowledge({
      id: 'AwsSolutions-ELB2',
      reason:
        'Its access log would need a bucket of its own; who was charged what is in the ledger and the log of the servers.',
    });
    return balancer;
  }

  private service(vpc: ec2.IVpc): ecs.FargateService {
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc });
    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        "Container Insights are paid for by the metric; the load balancer's own, which cost nothing, are what scaling goes by.",
    });
    const securityGroup = new ec2.SecurityGroup(this, 'TaskAccess', {
      vpc,
      description: 'Spend guard: the load balancer in, AWS out',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(HTTPS), 'Bedrock, DynamoDB, the registry and logs');
    return new ecs.FargateService(this, 'Service', {
      cluster,
      taskDefinition: this.task(),
      vpcSubnets: { subnets: vpc.privateSubnets },
      securityGroups: [securityGroup],
      assignPublicIp: false,
      desiredCount: this.props.endpoint.minTasks,
      // A deployment, and a zone that is lost, never leave fewer than there were.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.seconds(60),
    });
  }

  private task(): ecs.FargateTaskDefinition {
    const { invoker, endpoint, environment } = this.props;
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    invoker.trustTasks();
    const task = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu: VCPU * 1024,
      memoryLimitMiB: GB * 1024,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      taskRole: invoker.role,
      executionRole: this.executionRole(logGroup),
    });
    const linux = new ecs.LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linux.dropCapabilities(ecs.Capability.ALL);
    task.addContainer('Serve', {
      image: ecs.ContainerImage.fromRegistry(endpoint.image),
      command: [
        ...['serve', '--env', environment, '--host', '0.0.0.0', '--port', String(PORT)],
        ...['--require-key', '--behind-tls'],
      ],
      environment: { [CLIENT_CONFIG_VARIABLE]: this.toldConfig() },
      portMappings: [{ containerPort: PORT }],
      readonlyRootFilesystem: true,
      user: NON_ROOT,
      linuxParameters: linux,
      stopTimeout: STOP,
      logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: 'serve', mode: ecs.AwsLogDriverMode.NON_BLOCKING }),
    });
    Validations.of(task).acknowledge({
      id: 'AwsSolutions-ECS2',
      reason: 'The one variable is what the client package is told: models, prices and names. No secret is in it.',
    });
    return task;
  }

  /** What ECS itself needs to start a task: its image, and its own log. */
  private executionRole(logGroup: logs.LogGroup): iam.Role {
    const role = new iam.Role(this, 'ExecutionRole', {
      description: "Starts the tasks of the spend guard's endpoint",
      assumedBy: tasksPrincipal(Stack.of(this)),
    });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    const stack = Stack.of(this);
    const repository = repositoryArn(stack, this.props.endpoint.image);
    if (repository !== undefined) {
      role.addToPolicy(
        new iam.PolicyStatement({
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          resources: [repository],
        }),
      );
      role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'ecr:GetAuthorizationToken takes no resource: the token opens what the other statement names.',
      });
    }
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${stack.getLogicalId(logGroup.node.defaultChild as logs.CfnLogGroup)}.Arn>]`,
      reason:
        'The ARN of a log group ends in :*, which stands for its streams: the servers write to their own group only.',
    });
    return role;
  }

  private toldConfig(): string {
    const text = Stack.of(this).toJsonString(this.props.clientConfig);
    const bytes = Buffer.byteLength(JSON.stringify(this.props.clientConfig));
    if (bytes <= MAX_CONFIG_BYTES) return text;
    throw new GuardError(
      'LIMIT_EXCEEDED',
      `the endpoint of ${this.props.environment} would be told ${bytes} bytes, of which a task definition takes ${MAX_CONFIG_BYTES}: list fewer models or budgets in the config`,
    );
  }
}

/** Of an image in Amazon ECR, in any account; another registry wants no permission. */
function repositoryArn({ partition }: Stack, image: string): string | undefined {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9._/-]+)/.exec(image) ?? [];
  return repository === undefined ? undefined : `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}
