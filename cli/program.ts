import { Command } from '@commander-js/extra-typings';
import { SHIPPED_CONFIG } from '../config/home';
import { budgetCommands } from './budget-commands';
import { callerCommands } from './caller-commands';
import { add, CONFIG, ENV, ONE_ENV, REPORT, type Run, YES } from './command-options';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from './exit-codes';
import { initCommand } from './init-command';
import { leftCommand } from './left';
import { organizationCommands } from './organization-commands';
import { verifyCommand } from './verify-command';

const USAGE =
  'CSV, JSON lines or JSON, also in gzip: Bedrock invocation logs, CloudWatch answers, CUR 2.0, FOCUS, ccusage, LiteLLM, OpenTelemetry, or a table of your own';
const PERIOD = [
  '--period <period>',
  'of a usage file of sums that does not say it: how long each stands for, such as 1h',
] as const;
const ZONE = ['--time-zone <zone>', 'of times and days that name none, such as Europe/Berlin'] as const;
const MODEL = ['--model <id>', 'of a usage file that names no model, as get-metric-statistics does'] as const;
const PROFILES = [
  '--profiles <file>',
  "what application profiles call: JSON from ids to models, or 'account' to ask AWS",
] as const;
const ONLY_GUARDED = ['--only-guarded', 'refuse a usage of models that the config does not have'] as const;

/** The commands, their options and what they say of themselves. docs/reference/cli.md is made from it. */
export function program(run: Run): Command {
  // Without a name of its own commander takes the one of the file that Node runs.
  const root = new Command('spend-guard')
    .description('Guards what an organisation spends on Amazon Bedrock: checks, costs, replays and reviewable diffs.')
    .helpCommand(false)
    // Else a command that has others would take their options for its own.
    .enablePositionalOptions()
    .addHelpText('after', () => `\n${exitCodeHelp()}`)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  initCommand(root, run);

  add(root, 'diff', 'what deploying one synthesized output instead of another changes, as Markdown; asks no account')
    .argument('<base>', 'folder of a synthesized output (cdk synth --output FOLDER)')
    .argument('<head>', 'the other one')
    .action((base, head) =>
      run('diff', async () => (require('./commands/diff') as typeof import('./commands/diff')).diff(base, head)),
    );

  add(root, 'simulate', 'a month of the guard on this machine: real templates and handlers, without AWS')
    .argument('[scenarios...]', 'scenarios to play; default: all')
    .option(...ENV)
    .option('--month <month>', 'the UTC month to play, YYYY-MM')
    .option('--seed <number>', 'the same seed gives the same month')
    .option('--usage <file>', `your own usage instead: ${USAGE}`)
    .option(...PERIOD)
    .option(...ZONE)
    .option(...MODEL)
    .option(...PROFILES)
    .option(...ONLY_GUARDED)
    .option(...REPORT)
    .option(...CONFIG)
    .action((scenarios, options) =>
      run('simulate', async (world) => {
        const { progress } = world;
        const { usage } = options;
        if (usage !== undefined) {
          const own = require('./commands/simulate-usage') as typeof import('./commands/simulate-usage');
          return own.simulateUsage({ ...options, usage, scenarios }, world);
        }
        const { simulate } = require('./commands/simulate') as typeof import('./commands/simulate');
        const { period, timeZone, model, profiles, onlyGuarded, config } = options;
        const ofUsage = {
          '--period': period,
          '--time-zone': timeZone,
          '--model': model,
          '--profiles': profiles,
          '--only-guarded': onlyGuarded,
          '--config': config,
        };
        return simulate({ ...options, scenarios, ofUsage }, { progress });
      }),
    );

  add(root, 'backtest', 'two configs on the same usage: alerts, stops, what is saved and what is denied')
    .argument('<a>', `a config file, or a git ref that has ${SHIPPED_CONFIG}`)
    .argument('<b>', 'the other one')
    .option('--usage <file>', USAGE)
    .option(...PERIOD)
    .option(...ZONE)
    .option(...MODEL)
    .option(...PROFILES)
    .option(...ONLY_GUARDED)
    .option(...REPORT)
    .option(...ONE_ENV)
    .action((a, b, options) =>
      run('backtest', async (world) =>
        (require('./commands/backtest') as typeof import('./commands/backtest')).backtest(a, b, options, world),
      ),
    );

  add(root, 'health', 'calls every model as the application would, and checks what alerts and stops rely on')
    .option(...ENV)
    .option(...CONFIG)
    .option('--aws-auth', 'only the deployed checks, whose calls are signed (SigV4)')
    .option('--local', 'only the local models of this machine')
    .option(
      '--hold <duration>',
      'say that the environment is in use for so long, such as 30m: idle functions are not lowered',
    )
    .option('--verbose', 'what is in order too')
    .action((options) =>
      run('health', async (world) =>
        (require('./commands/health') as typeof import('./commands/health')).health(options, world),
      ),
    );

  add(root, 'costs', 'what the month has cost so far, by the bill, and whether each line of defence can see')
    .option(...ENV)
    .option(...CONFIG)
    .option('--mail', 'send the report to the alert topic too')
    .option(...REPORT)
    .option(
      '--by <what>',
      'who or what spent it: person, role, session (invocation log), tag (of IAM principals), model, day (bill), or budget, which asks no bill',
    )
    .option('--month <month>', 'of --by: another UTC month than the running one, YYYY-MM')
    .option('--csv', 'of --by: CSV (RFC 4180), with every digit of the dollars')
    .option('--focus', 'of --by: CSV in the columns of FOCUS 1.2, for chargeback and FinOps tools')
    .option('--billing-account <id>', 'of --focus: the account that pays, which the guard does not know')
    .action((options) =>
      run('costs', async (world) =>
        (require('./commands/costs') as typeof import('./commands/costs')).costs(options, world),
      ),
    );

  add(root, 'status', 'what the meter sees and holds at present: spend, state, orders, who is left out')
    .option(...ENV)
    .option(...CONFIG)
    .action((options) =>
      run('status', async (world) =>
        (require('./commands/status') as typeof import('./commands/status')).status(options, world),
      ),
    );

  add(root, 'stop', 'denies every model to every guarded principal, until it is resumed')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option('--reason <text>', 'why; mailed and audited')
    .option(...YES)
    .action((options) =>
      run('stop', async (world) =>
        (require('./commands/orders') as typeof import('./commands/orders')).stop(options, world),
      ),
    );

  add(root, 'resume', 'resumes: gives an override, which ends by itself')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option('--until <time>', 'when it ends: 6h, or 2026-11-30T18:00Z; needed above the stop line')
    .option('--limit <dollars>', 'the stop line meanwhile; needed above the configured one')
    .option('--reason <text>', 'why; mailed and audited')
    .option(...YES)
    .action((options) =>
      run('resume', async (world) =>
        (require('./commands/orders') as typeof import('./commands/orders')).resume(options, world),
      ),
    );

  add(root, 'release', 'gives back what callers were charged without known usage, as after an outage of Bedrock')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option('--reason <text>', 'why; kept with the budget, and in the daily report')
    .option(...YES)
    .action((options) =>
      run('release', async (world) =>
        (require('./commands/release') as typeof import('./commands/release')).release(options, world),
      ),
    );

  add(root, 'plan', 'what a deploy of the config would do now, such as: would stop prod, spent 61%')
    .option(...ENV)
    .option(...CONFIG)
    .action((options) =>
      run('plan', async (world) =>
        (require('./commands/plan') as typeof import('./commands/plan')).plan(options, world),
      ),
    );

  const concurrency = root.command('concurrency').description('provisioned concurrency that the guard lowers');
  add(concurrency, 'restore', 'gives back what was lowered, and lowers nothing for a while')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option('--for-deploy', 'before a deploy of what declares it: also while stopped, and waits until it is ready')
    .option('--hold <duration>', 'lower nothing for so long, such as 30m', '30m')
    .option(...YES)
    .action((options) =>
      run('concurrency restore', async (world) =>
        (require('./commands/concurrency') as typeof import('./commands/concurrency')).restore(options, world),
      ),
    );

  add(root, 'keys', 'access keys of guarded IAM users, their age, and the steps to rotate an old one')
    .option(...ENV)
    .option(...CONFIG)
    .action((options) =>
      run('keys', async (world) =>
        (require('./commands/keys') as typeof import('./commands/keys')).keys(options, world),
      ),
    );

  add(
    root,
    'budget',
    'limits and thresholds in dollars, what AWS Budgets has counted, and what another limit would do now',
  )
    .option(...ENV)
    .option(...CONFIG)
    .option('--limit <dollars>', 'what this limit a month would mean now; needs one environment')
    .action((options) =>
      run('budget', async (world) =>
        (require('./commands/budget') as typeof import('./commands/budget')).budget(options, world),
      ),
    );

  budgetCommands(root, run);

  callerCommands(root, run);

  add(root, 'client-config', 'writes what the SDK plugin needs to know of a deployed environment, as one JSON file')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option('--app <folder>', 'the synthesized output that was deployed', 'cdk.out')
    .option('--out <file>', 'where to; default: spend-guard-client.<env>.json in this folder')
    .action((options) =>
      run('client-config', async (world) =>
        (require('./commands/client-config') as typeof import('./commands/client-config')).clientConfig(options, world),
      ),
    );

  leftCommand(root, run);

  add(root, 'serve', "a server that speaks Bedrock's runtime protocol, with the guard before the endpoint")
    .option('--env <name>', 'the environment; needed where there are several, and no --client-config')
    .option(...CONFIG)
    .option('--client-config <file>', 'what client-config wrote; default: spend-guard-client.<env>.json of this folder')
    .option('--app <folder>', 'else: the synthesized output that was deployed', 'cdk.out')
    .option('--outputs <file>', 'what cdk deploy --outputs-file wrote; default: CloudFormation is asked')
    .option('--port <number>', 'where to listen; 0: any that is free', '8787')
    .option('--host <address>', 'another than loopback needs --require-key, and TLS', '127.0.0.1')
    .option('--require-key', 'callers need a key of spend-guard callers, also on this machine')
    .option('--tls-cert <file>', 'certificate with its chain, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option('--behind-tls', 'what is in front speaks TLS with the callers')
    .option('--upstream <url>', "another endpoint than Bedrock's own in the environment's Region")
    .action((options) =>
      run('serve', async (world) =>
        (require('./commands/serve') as typeof import('./commands/serve')).serve(options, world),
      ),
    );

  const alerts = root.command('alerts').description('who is told');
  add(alerts, 'test', 'sends one message to the alert topic, and says who should get it')
    .option(...ONE_ENV)
    .option(...CONFIG)
    .option(...YES)
    .action((options) =>
      run('alerts test', async (world) =>
        (require('./commands/alerts') as typeof import('./commands/alerts')).testAlerts(options, world),
      ),
    );

  add(root, 'doctor', 'everything that can be wrong on day one, each with its fix and who may do it')
    .option(...ENV)
    .option(...CONFIG)
    .action((options) =>
      run('doctor', async (world) =>
        (require('./commands/doctor') as typeof import('./commands/doctor')).doctor(options, world),
      ),
    );

  verifyCommand(root, run);

  organizationCommands(root, run);

  return root;
}

export function exitCodeHelp(): string {
  const lines = Object.entries(EXIT_CODE_MEANINGS).map(
    ([name, meaning]) => `  ${String(EXIT_CODES[name as keyof typeof EXIT_CODES]).padStart(2)}  ${meaning}`,
  );
  return `Exit codes:\n${lines.join('\n')}`;
}
