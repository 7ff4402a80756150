import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { shapeProblems } from '../helpers/cloudformation-shape';
import { read, ROOT } from './public-texts';

interface Container extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly User?: string;
  readonly user?: string;
}
interface Task {
  readonly Type: string;
  readonly Properties: { readonly NetworkMode: string; readonly ContainerDefinitions: readonly Container[] };
}
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
}

const example = (file: string) => read(`docs/serve/${file}`);
const task = (load(example('ecs-task.yaml')) as { Resources: { Task: Task } }).Resources.Task;
const containers = task.Properties.ContainerDefinitions;
const { services } = load(example('compose.yaml')) as { services: Readonly<Record<string, Container>> };
const deployment = example('kubernetes.yaml').split(/^---$/m).at(-1)!;
const pod = (load(deployment) as { spec: { template: { spec: Pod } } }).spec.template.spec;
const inPod = [...pod.initContainers, ...pod.containers];
const dockerfile = example('Dockerfile').replaceAll('\\\n', ' ').split('\n');
const ROOTS_NAMES = [undefined, '', 'root', '0'];

describe('the task of ECS', () => {
  test('is as CloudFormation has it', () => {
    expect(shapeProblems(task.Type, task.Properties)).toEqual([]);
  });

  test.each([
    [{ Familie: 'x' }, 'AWS::ECS::TaskDefinition.Familie: is none of its properties'],
    [{ ContainerDefinitions: [{ Name: 'x' }] }, 'AWS::ECS::TaskDefinition.ContainerDefinitions[0].Image: is missing'],
    [
      { ContainerDefinitions: [{ Name: 'x', Image: 'y', ReadonlyRootFilesystem: 'yes' }] },
      'AWS::ECS::TaskDefinition.ContainerDefinitions[0].ReadonlyRootFilesystem: must be a boolean',
    ],
  ])('what is wrong in %j is seen', (properties, problem) => {
    expect(shapeProblems('AWS::ECS::TaskDefinition', properties)).toEqual([problem]);
  });

  test('shares its loopback, and nothing of it runs as root or writes to its own files', () => {
    expect(task.Properties.NetworkMode).toBe('awsvpc');
    expect(containers).toHaveLength(2);
    for (const container of containers) {
      expect(ROOTS_NAMES).not.toContain(container.User?.split(':')[0]);
      expect([container['ReadonlyRootFilesystem'], container['Privileged'] ?? false]).toEqual([true, false]);
      expect(container['PortMappings']).toBeUndefined();
    }
  });
});

test('compose: one loopback for both, no port of it for others, nothing runs as root or writes to its own files', () => {
  expect(services['application']!['network_mode']).toBe('service:spend-guard');
  for (const service of Object.values(services)) {
    expect(ROOTS_NAMES).not.toContain(service.user?.split(':')[0]);
    expect([service['read_only'], service['cap_drop'], service['ports']]).toEqual([true, ['ALL'], undefined]);
  }
});

test('Kubernetes: the server is a sidecar, nothing runs as root or writes to its own files', () => {
  expect(inPod.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
    ['spend-guard', 'Always'],
    ['application', undefined],
  ]);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
  for (const container of inPod) {
    expect(container['securityContext']).toMatchObject({
      runAsUser: expect.any(Number),
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container['securityContext']).not.toMatchObject({ runAsUser: 0 });
    expect(container['ports']).toBeUndefined();
  }
});

test('Kubernetes: only the server has the token for the role that may call models', () => {
  expect(pod.automountServiceAccountToken).toBe(false);
  const mounted = inPod.map(({ name, volumeMounts }) => [name, volumeMounts !== undefined]);
  expect(mounted).toEqual([
    ['spend-guard', true],
    ['application', false],
  ]);
});

describe('the image', () => {
  test('runs as nobody in particular, for good', () => {
    const users = dockerfile.filter((line) => line.startsWith('USER '));
    expect(users).toEqual(['USER 10001:10001']);
    expect(dockerfile.findLastIndex((line) => line.startsWith('FROM '))).toBeLessThan(dockerfile.indexOf(users[0]!));
  });

  test('is made of files that are there', () => {
    const sources = dockerfile
      .filter((line) => /^COPY (?!--from)/.test(line) && !line.includes('${'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(sources.length).toBeGreaterThan(8);
    expect(sources.filter((source) => !existsSync(path.join(ROOT, source)))).toEqual([]);
  });
});

test('every profile that an example names is in the file of the image', () => {
  const profiles = [...example('aws-config').matchAll(/^\[profile (\w+)\]$/gm)].map(([, name]) => name);
  const named = ['ecs-task.yaml', 'kubernetes.yaml'].flatMap((file) =>
    [...example(file).matchAll(/AWS_PROFILE\s+[Vv]alue: (\S+)/g)].map(([, name]) => name),
  );
  expect(named).toEqual(['ecs', 'kubernetes']);
  expect(profiles).toEqual(expect.arrayContaining(named));
});
