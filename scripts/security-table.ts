import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { TypeFacts } from '../cli/diff/table';

/**
 * cli/diff/security-table.json, made from the CloudFormation resource schemas as the AWS CDK publishes them: which property of
 * which type can hold a policy, a principal, a role, a group, a network opening, a way of signing in, or encryption. A test
 * fails when it is out of date.
 */
export interface SecurityTable {
  readonly source: string;
  readonly types: Readonly<Record<string, TypeFacts>>;
}

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Resource = ReturnType<Database['all']>[number] & {
  readonly cloudFormationType: string;
  readonly scrutinizable?: string;
  readonly isStateful?: boolean;
  readonly primaryIdentifier?: string[];
  readonly properties: Properties;
};
type Properties = Readonly<Record<string, Property>>;
interface Property {
  readonly type: PropertyType;
  readonly scrutinizable?: string;
}
interface PropertyType {
  readonly type: string;
  readonly element?: PropertyType;
  readonly types?: readonly PropertyType[];
  readonly reference?: { readonly $ref: string };
}

/** Deeper than this, schemas describe dashboards and media, which lead nobody anywhere. */
const DEEPEST = 6;

const GRANTS =
  /Permissions?$|^AWS::IAM::(AccessKey|UserToGroupAddition|InstanceProfile|OIDCProvider|SAMLProvider|ServiceLinkedRole)$|AccessEntry$|AccessPolicy$|::Assignment$|ResourceShare$|RoleAttachment$|PrincipalTag$|PodIdentityAssociation$|PrincipalAssociation$|TrustAnchor$|RolesAnywhere::Profile$|PeeringConnection$|::Route$|VPCGatewayAttachment$|::EIP(Association)?$|AuthorizationRule$|UserToGroupAttachment$|GroupMembership$|Ingress$|Egress$|::ApiKey$|::Lambda::Url$|Grant$/;
const RESTRICTS =
  /WebACL|::(NetworkFirewall|FMS|WAF|WAFv2|WAFRegional)::|Organizations::Policy$|NetworkAcl|BlockPublicAccess|PublicAccessBlock|FirewallRuleGroupAssociation$|Authorizer$/;
const ACCESS =
  /^AWS::(IAM|SSO|RAM|RolesAnywhere|LakeFormation|VerifiedPermissions|AccessAnalyzer)::|SecurityGroup|NetworkAcl|^AWS::KMS::|Cognito::IdentityPool|Authorizer$|::AccessPoint$/;

/** Policies that decide how something is done, and not who may do it. */
const NO_POLICY =
  /Scaling|Retry|Redrive(?!Allow)|Lifecycle|Routing|Failure|Restart|Update|Delivery|Filter|Archive|Replay|Termination|Caching|Cache|Allocation|Tag|Dns|Label|Placement|Retention|PullPolicy/;
/** The first that matches a property's own name decides. */
const KINDS: readonly (readonly [kind: string, name: RegExp])[] = [
  ['', /^(Tags?|Description|Name|ClientToken|MaxTokens|.*Description|.*LogGroup(Name|Arn|Identifier)?s?)$/],
  ['principal', /^(PosixUser|RunAsUser)$/],
  [
    'encryption',
    /Encrypt(ed|ion)|EnforceHTTPS|K[Mm][Ss]|^SSE|^Sse|T[Ll][Ss]|S[Ss][Ll]|Https|ViewerProtocolPolicy|OriginProtocolPolicy|^SecurityPolicy(Name)?$|^(Listener)?Protocol$|KeyRotation|InsecureSsl/,
  ],
  [
    'auth',
    /Auth(entication|orization)?(Type|Mode|Scheme|Scopes|Config|Configuration|Method|Enabled|Flows|Strategy|Options)$|Unauthenticated|Anonymous|^Mfa|ApiKeyRequired|HttpTokens|HttpEndpoint$|InstanceMetadataTags|HttpPutResponseHopLimit|PasswordPolicy$|^Authorizer(Id|Type|Configuration|Config)?$|IamAuth|IAMDatabaseAuthentication|Guest|SessionDuration|RequireSymbols|AuthToken|Privileged|^User(s|Groups)Only$|ClassicFlow|AdminCreateUser|AuthenticationProviders$|SecurityOptions$|ExecuteCommand$|RootAccess$|AcceptanceRequired$|^AutoAccept|^(Callback|Logout)URLs$|^AllowedOAuth|^OriginAccess(Control|Identity)|^Trusted(KeyGroups|Signers)$|^WebACL(Id|Arn)$|^ObjectOwnership$/,
  ],
  ['role', /Roles?(Arn|ARN|Name|Id)?s?$|IamInstanceProfile|^InstanceProfile(Name|Arn)?$/],
  ['group', /SecurityGroups?(Ids?|Names?|List)?$|^(User)?Groups?(Ids|Names)?$/],
  [
    'principal',
    /Principals?(Arns?|Ids?|Identifiers?)?$|^(Allowed|Authorized|Shared|Target|Trusted)?Accounts?(Ids)?$|AccountIds$|^(Share|Shared)With|^Organi[sz]ation(Arn|Id|s|alUnits?)?$|Permissions?$|^Users(Ids|Names)?$|^UserIds$|Grantee|ACL$|AccessControl(List|Translation)?$|AllowExternal|AllowedOrigins|AllowOrigins|^Admins$|^ClientIdList$|AccessPolic(y|ies)$/,
  ],
  [
    'network',
    /Cidr(s|Ip|Ipv6|Block|List)?$|CIDRIP$|Public(ly)?(Access|Ip|IP|ExchangeEndpoint)|PublicAccess|BlockPublic|IgnorePublic|RestrictPublic|Internet|^Scheme$|^(Vpc)?Subnet(s|Ids)$|DisableExecuteApiEndpoint|VpcEndpointIds|^IpRanges?$|IpRules|^Visibility$|^EndpointType$|^EndpointConfiguration$|NetworkAccess|^VpcConfig(uration)?$/,
  ],
];
/** What a document in a property says of access, which no schema tells. */
const WRITTEN_OUT: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'AWS::ApiGateway::RestApi': [
    ['Body', 'auth'],
    ['BodyS3Location', 'auth'],
  ],
  'AWS::ApiGatewayV2::Api': [
    ['Body', 'auth'],
    ['BodyS3Location', 'auth'],
  ],
  'AWS::AppSync::GraphQLSchema': [
    ['Definition', 'auth'],
    ['DefinitionS3Location', 'auth'],
  ],
  'AWS::CloudFormation::StackSet': [
    ['TemplateBody', 'auth'],
    ['TemplateURL', 'auth'],
    ['Parameters', 'auth'],
  ],
  'AWS::ElasticLoadBalancingV2::Listener': [['DefaultActions.Type', 'auth']],
  'AWS::ElasticLoadBalancingV2::ListenerRule': [['Actions.Type', 'auth']],
};
/** What `true` does, by the property's own name. */
const CLOSES =
  /Encrypt|Require|Restrict|Block|Ignore|Enforce|AcceptanceRequired|IamAuth|IAMDatabaseAuth|Only$|KeyRotation|SSEEnabled|Ssl|TLS|Private|DisableExecuteApi|DisableDirectInternet|^ServerSideEncryption|^EncryptionEnabled/;
const OPENS =
  /Public(ly)?(Access|Ip|IP)|Unauthenticated|Anonymous|Allow|Insecure|Internet|EncryptionDisabled|Privileged|ClassicFlow|ExecuteCommand|RootAccess|AutoAccept|Disable|Bypass|Skip|Guest/;

export function securityTable(): SecurityTable {
  const database = loadAwsServiceSpecSync();
  const resources = [...database.all('resource')] as unknown as readonly Resource[];
  const types = resources
    .map((resource) => [resource.cloudFormationType, factsOf(database, resource)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { version } = JSON.parse(readFileSync(require.resolve('@aws-cdk/aws-service-spec/package.json'), 'utf8')) as {
    version: string;
  };
  return {
    source: `@aws-cdk/aws-service-spec ${version} (Apache-2.0): CloudFormation resource schemas; kinds by scripts/security-table.ts`,
    types: Object.fromEntries(types),
  };
}

function factsOf(database: Database, resource: Resource): TypeFacts {
  const { cloudFormationType: type, scrutinizable: scrutiny = 'None', primaryIdentifier = [] } = resource;
  const is: NonNullable<TypeFacts['is']>[number][] = [];
  if (GRANTS.test(type)) is.push('grants');
  if (RESTRICTS.test(type)) is.push('restricts');
  if (
    ACCESS.test(type) ||
    RESTRICTS.test(type) ||
    scrutiny !== 'None' ||
    GRANTS.test(type) ||
    /(?<!Scaling|Lifecycle|Cache|Request|Headers|Deployment)Policy$/.test(type)
  )
    is.push('access');
  const [name = ''] = primaryIdentifier;
  const properties = Object.fromEntries([
    ...kindsIn(database, resource.properties, [], [], name),
    ...(WRITTEN_OUT[type] ?? []),
  ]);
  return {
    ...(is.length > 0 ? { is } : {}),
    ...(resource.isStateful ? { stateful: true } : {}),
    ...(primaryIdentifier.length === 1 && name.endsWith('Name') ? { name } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  };
}

/** What has a kind gives it to all that it holds, so that is not gone into, but for what opens or closes by itself. */
function kindsIn(
  database: Database,
  properties: Properties,
  place: readonly string[],
  seen: readonly string[],
  named = '',
): readonly (readonly [string, string])[] {
  return Object.entries(properties)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, property]) => {
      const here = [...place, name];
      const kind = here.length === 1 && name === named ? '' : kindOf(name, property);
      const leaf = leafOf(property.type);
      const sign = isSwitch(property.type) ? (CLOSES.test(name) ? '-' : OPENS.test(name) ? '+' : '') : inverse(name);
      const own = kind === '' ? [] : [[here.join('.'), `${kind}${sign}`] as const];
      const inner = [...leaf].flatMap((ref) =>
        !ref.startsWith('#') || seen.includes(ref) || here.length >= DEEPEST || kind === 'rules'
          ? []
          : kindsIn(
              database,
              (database.get('typeDefinition', ref.slice(1)) as unknown as { properties: Properties }).properties,
              here,
              [...seen, ref],
            ),
      );
      return [...own, ...(kind === '' ? inner : inner.filter(([, one]) => one !== kind))];
    });
}

/** A flag, or a word such as `ENABLED`. */
function isSwitch({ type, types }: PropertyType): boolean {
  return type === 'boolean' || type === 'string' || (types?.some(isSwitch) ?? false);
}

/** A list of those who may not. */
function inverse(name: string): string {
  return /^(Excluded|Denied|Blocked)/.test(name) ? '-' : '';
}

function kindOf(name: string, { scrutinizable = 'None', type }: Property): string {
  if (/(Ing|Eg)ressRules/.test(scrutinizable)) return 'rules';
  const leaf = leafOf(type);
  const isText = leaf.has('json') || leaf.has('string');
  if (/Polic(y|ies)$/.test(scrutinizable) && !NO_POLICY.test(name)) return 'policy';
  if (isText && /Policy(Document|Text|Template)?$|^Policies$/.test(name) && leaf.has('json') && !NO_POLICY.test(name))
    return 'policy';
  return KINDS.find(([, pattern]) => pattern.test(name))?.[0] ?? '';
}

/** Plain types, and `#` before the id of each definition. */
function leafOf({ type, element, types, reference }: PropertyType): ReadonlySet<string> {
  if (element) return leafOf(element);
  if (types) return new Set(types.flatMap((one) => [...leafOf(one)]));
  return new Set([reference ? `#${reference.$ref}` : type]);
}

/** One type a line, so that a change of the schemas reads as one. */
export function securityTableText({ source, types }: SecurityTable): string {
  const lines = Object.entries(types)
    .filter(([, facts]) => Object.keys(facts).length > 0)
    .map(([type, facts]) => `${JSON.stringify(type)}:${JSON.stringify(facts)}`);
  const bare = Object.entries(types).filter(([, facts]) => Object.keys(facts).length === 0);
  return `{"source":${JSON.stringify(source)},"types":{\n${[...lines, ...bare.map(([type]) => `${JSON.stringify(type)}:{}`)].join(',\n')}\n}}\n`;
}

export const SECURITY_TABLE = path.resolve(__dirname, '../cli/diff/security-table.json');

if (require.main === module) writeFileSync(SECURITY_TABLE, securityTableText(securityTable()));
