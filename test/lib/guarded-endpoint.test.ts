import { loadConfig } from '../../client/config';
import { CLIENT_CONFIG_VARIABLE, type CompleteClientConfig } from '../../core/in-path';
import { usd } from '../../core/money';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { stackProps } from '../helpers/guard-stack';
import { checked } from '../helpers/checked-app';
import { ENDPOINT } from '../helpers/endpoint';
import {
  ALONE,
  environmentOf,
  type Resource,
  resourcesOf,
  roleIds,
  stackOf,
  statementsOf,
  templateOf,
} from '../helpers/stack';

const WITH = { endpoint: ENDPOINT, budgets: { search: { monthlyLimitUsd: 20 } } };
const template = templateOf('dev', WITH);
const ELB = 'AWS::ElasticLoadBalancingV2';

function only(type: string, from = template): Resource['Properties'] {
  const [found, ...more] = Object.values(resourcesOf(from, type));
  expect(more).toEqual([]);
  return found!.Properties;
}
const attributes = (type: string, key: string, from = template): Readonly<Record<string, string>> =>
  Object.fromEntries((only(type, from)[key] as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
const task = () => only('AWS::ECS::TaskDefinition');
const container = () => (task()['ContainerDefinitions'] as Record<string, unknown>[])[0]!;
const rules = (direction: 'Ingress' | 'Egress', group: string) => {
  const within = Object.entries(resourcesOf(template, 'AWS::EC2::SecurityGroup'))
    .filter(([id]) => id.includes(group))
    .flatMap(([, { Properties }]) => (Properties[`SecurityGroup${direction}`] ?? []) as object[]);
  const beside = Object.values(resourcesOf(template, `AWS::EC2::SecurityGroup${direction}`))
    .map(({ Properties }) => Properties as Record<string, unknown>)
    .filter(({ GroupId }) => JSON.stringify(GroupId).includes(group));
  return [...within, ...beside] as Record<string, unknown>[];
};

test('without one in the config nothing of it is there', () => {
  const types = Object.values(templateOf('dev').toJSON().Resources as Record<string, Resource>).map(({ Type }) => Type);
  expect(types.filter((type) => /::(ECS|EC2|ElasticLoadBalancingV2|ApplicationAutoScaling)::/.test(type))).toEqual([]);
  expect(JSON.stringify(templateOf('dev').toJSON())).not.toContain('ecs-tasks');
});

describe('who reaches it', () => {
  test('the load balancer is internal, in the given subnets', () => {
    expect(only(`${ELB}::LoadBalancer`)).toMatchObject({
      Scheme: 'internal',
      Type: 'application',
      Subnets: ENDPOINT.subnets.map(({ id }) => id),
    });
  });

  test('by TLS 1.2 and 1.3 alone: one listener, on 443, with the certificate of the config', () => {
    expect(only(`${ELB}::Listener`)).toMatchObject({
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      Certificates: [{ CertificateArn: ENDPOINT.certificateArn }],
      DefaultActions: [{ Type: 'forward' }],
    });
  });

  test('from the ranges of the config, on 443, and from nowhere else', () => {
    expect(rules('Ingress', 'BalancerAccess')).toEqual(
      ENDPOINT.allowedCidrs.map((CidrIp) => ({
        CidrIp,
        Description: 'By the config',
        FromPort: 443,
        ToPort: 443,
        IpProtocol: 'tcp',
      })),
    );
  });

  test('it sends to the tasks alone, and they take from it alone', () => {
    const [out, ...otherOut] = rules('Egress', 'BalancerAccess');
    expect(otherOut).toEqual([]);
    expect(out).toMatchObject({ FromPort: 8787, ToPort: 8787, IpProtocol: 'tcp' });
    expect(JSON.stringify(out!['DestinationSecurityGroupId'])).toContain('TaskAccess');
    const [into, ...otherInto] = rules('Ingress', 'TaskAccess');
    expect(otherInto).toEqual([]);
    expect(into).toMatchObject({ FromPort: 8787, ToPort: 8787, IpProtocol: 'tcp' });
    expect(JSON.stringify(into!['SourceSecurityGroupId'])).toContain('BalancerAccess');
  });

  test('the tasks have no public address, and reach nothing but HTTPS', () => {
    expect(only('AWS::ECS::Service')['NetworkConfiguration']).toMatchObject({
      AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: ENDPOINT.subnets.map(({ id }) => id) },
    });
    expect(rules('Egress', 'TaskAccess')).toMatchObject([{ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }]);
  });

  test('what smuggles requests is not passed on', () => {
    expect(attributes(`${ELB}::LoadBalancer`, 'LoadBalancerAttributes')).toMatchObject({
      'routing.http.desync_mitigation_mode': 'strictest',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
    });
  });

  test('every caller needs a key', () => {
    expect(container()['Command']).toEqual([
      'serve',
      ...['--env', 'dev', '--host', '0.0.0.0', '--port', '8787', '--require-key', '--behind-tls'],
    ]);
  });
});

describe('long answers', () => {
  test('are not cut off by the load balancer: it waits as long as there is, and longer than a task lives on', () => {
    const { 'idle_timeout.timeout_seconds': idle } = attributes(`${ELB}::LoadBalancer`, 'LoadBalancerAttributes');
    expect(Number(idle)).toBe(4000);
  });

  test('go on while a task is being replaced: it takes no more calls, drains, and has the most time of Fargate to stop', () => {
    expect(attributes(`${ELB}::TargetGroup`, 'TargetGroupAttributes')).toMatchObject({
      'deregistration_delay.timeout_seconds': '900',
      'stickiness.enabled': 'false',
    });
    expect(container()['StopTimeout']).toBe(120);
  });
});

describe('the tasks', () => {
  test('are two at least, in two zones, and more by requests', () => {
    expect(only('AWS::ECS::Service')).toMatchObject({
      DesiredCount: 2,
      LaunchType: 'FARGATE',
      AvailabilityZoneRebalancing: 'ENABLED',
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    });
    expect(only('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({ MinCapacity: 2, MaxCapacity: 10 });
    expect(only('AWS::ApplicationAutoScaling::ScalingPolicy')).toMatchObject({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' },
        TargetValue: 3000,
      },
    });
  });

  test('are asked whether they are well where no key is needed', () => {
    expect(only(`${ELB}::TargetGroup`)).toMatchObject({
      HealthCheckPath: '/healthz',
      Matcher: { HttpCode: '200' },
      TargetType: 'ip',
      Port: 8787,
      Protocol: 'HTTP',
    });
  });

  test('run as nobody in particular, and can write nowhere', () => {
    expect(container()).toMatchObject({
      Image: ENDPOINT.image,
      User: '10001:10001',
      ReadonlyRootFilesystem: true,
      LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
      LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } },
    });
    expect(container()['Secrets']).toBeUndefined();
    expect(task()).toMatchObject({ RuntimePlatform: { CpuArchitecture: 'ARM64' }, NetworkMode: 'awsvpc' });
    expect(only('AWS::ECS::Service')['EnableExecuteCommand']).not.toBe(true);
  });

  test.each([
    ['with profiles', WITH],
    ['in an account of its own', { ...ALONE, endpoint: ENDPOINT }],
  ])(
    'are told what the client package takes, %s: the references of the template in the place of each value',
    (_what, changes) => {
      const definition = only('AWS::ECS::TaskDefinition', templateOf('dev', changes));
      const [{ Environment = [] } = {}] = definition['ContainerDefinitions'] as {
        Environment?: { Name: string; Value: unknown }[];
      }[];
      expect(Environment.map(({ Name }) => Name)).toEqual([CLIENT_CONFIG_VARIABLE]);
      const value = Environment[0]!.Value as { 'Fn::Join': [string, unknown[]] };
      const text = value['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
        .join('');
      const told = JSON.parse(text) as CompleteClientConfig;
      expect(loadConfig({ config: told })).toMatchObject({ environment: 'dev', limit: usd(50) });
      expect(told.leasesTable).toMatch(/^\{'Ref':'TablesLeases/);
      const profiles = told.models.map(({ profile }) => profile);
      if ('identity' in changes) expect(new Set(profiles)).toEqual(new Set([undefined]));
      else for (const profile of profiles) expect(profile).toMatch(/InferenceProfileArn/);
    },
  );
});

describe('what they may', () => {
  test("they run under the environment's own role, which a stop reaches, and which ECS may take for this account's tasks alone", () => {
    expect(task()['TaskRoleArn']).toEqual({ 'Fn::GetAtt': ['InvokerRole', 'Arn'] });
    const { Statement } = resourcesOf(template, 'AWS::IAM::Role')['InvokerRole']!.Properties[
      'AssumeRolePolicyDocument'
    ] as {
      Statement: { Principal: { Service?: string }; Condition?: object }[];
    };
    const ofTasks = Statement.filter(({ Principal }) => Principal.Service === 'ecs-tasks.amazonaws.com');
    expect(ofTasks).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: {
            'aws:SourceArn': {
              'Fn::Join': ['', ['arn:aws:ecs:us-east-1:', { Ref: 'AWS::AccountId' }, ':*']],
            },
          },
        },
      },
    ]);
  });

  test('the invoker role may nothing that it may not without an endpoint', () => {
    const without = templateOf('dev', { budgets: WITH.budgets });
    expect(statementsOf(template, 'InvokerRole')).toEqual(statementsOf(without, 'InvokerRole'));
  });

  test('ECS itself may fetch the image and write the log, and nothing else', () => {
    const [role, ...more] = roleIds(template, /endpoint/);
    expect(more).toEqual([]);
    expect(task()['ExecutionRoleArn']).toEqual({ 'Fn::GetAtt': [role, 'Arn'] });
    const allowed = statementsOf(template, role!).map(({ Action, Resource }) => [Action, JSON.stringify(Resource)]);
    expect(allowed).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.stringContaining('EndpointLogs')],
      [
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        expect.stringContaining(':ecr:us-east-1:111122223333:repository/tools/spend-guard"'),
      ],
      ['ecr:GetAuthorizationToken', '"*"'],
    ]);
  });

  test('of an image in another registry it may write the log alone', () => {
    const elsewhere = templateOf('dev', { endpoint: { ...ENDPOINT, image: 'ghcr.io/team/spend-guard:1.4.0' } });
    const [role] = roleIds(elsewhere, /endpoint/);
    expect(statementsOf(elsewhere, role!).map(({ Action }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ]);
  });
});

test('in production nobody deletes the load balancer by hand', () => {
  const deletion = (name: string) =>
    attributes(`${ELB}::LoadBalancer`, 'LoadBalancerAttributes', templateOf(name, { endpoint: ENDPOINT }))[
      'deletion_protection.enabled'
    ];
  expect({ dev: deletion('dev'), prod: deletion('prod') }).toEqual({ dev: 'false', prod: 'true' });
});

test('its log goes with the stack, and does not stay for ever', () => {
  const logGroups = Object.entries(resourcesOf(template, 'AWS::Logs::LogGroup')).filter(([id]) =>
    id.startsWith('Endpoint'),
  );
  expect(logGroups.map(([, { Properties }]) => Properties['RetentionInDays'])).toEqual([90]);
});

test('what it is told must fit into a task definition', () => {
  const budgets = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`team-${at}`, { monthlyLimitUsd: 0.01 }]));
  expect(() => stackOf(environmentOf('dev', { endpoint: ENDPOINT, budgets }))).toThrow(
    /^the endpoint of dev would be told \d+ bytes, of which a task definition takes 49152: list fewer models or budgets/,
  );
});

test('cdk-nag finds nothing in it that is not acknowledged with a reason', () => {
  const app = checked();
  new SpendGuardStack(app, stackProps(environmentOf('dev', WITH)));
  expect(() => app.synth()).not.toThrow();
});
