import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

interface Type {
  readonly type: string;
  readonly element?: Type;
  readonly types?: readonly Type[];
  readonly reference?: { readonly $ref: string };
  readonly allowedValues?: readonly unknown[];
}
type Properties = Readonly<Record<string, { readonly type: Type; readonly required?: boolean }>>;

/** What of a resource's properties is not as its CloudFormation schema has it: names, types, what is required, what is allowed. */
export function shapeProblems(resourceType: string, properties: unknown): readonly string[] {
  const spec = loadAwsServiceSpecSync();
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', resourceType);
  if (!resource) return [`no resource ${resourceType}`];

  const ofFields = (known: Properties, value: unknown, at: string): readonly string[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: must be an object`];
    const missing = Object.entries(known)
      .filter(([name, { required }]) => required === true && !(name in value))
      .map(([name]) => `${at}.${name}: is missing`);
    const wrong = Object.entries(value).flatMap(([name, each]) => {
      const property = known[name];
      return property ? ofType(property.type, each, `${at}.${name}`) : [`${at}.${name}: is none of its properties`];
    });
    return [...missing, ...wrong];
  };

  const ofType = (type: Type, value: unknown, at: string): readonly string[] => {
    const isOf = (name: string) => (typeof value === name ? [] : [`${at}: must be a ${name}`]);
    switch (type.type) {
      case 'string':
        if (type.allowedValues && !type.allowedValues.includes(value))
          return [`${at}: must be one of ${type.allowedValues.join(', ')}`];
        return isOf('string');
      case 'integer':
        return Number.isSafeInteger(value) ? [] : [`${at}: must be an integer`];
      case 'number':
      case 'boolean':
        return isOf(type.type);
      case 'array':
        if (!Array.isArray(value)) return [`${at}: must be a list`];
        return value.flatMap((each, index) => ofType(type.element!, each, `${at}[${index}]`));
      case 'map':
        return Object.entries(value as object).flatMap(([key, each]) => ofType(type.element!, each, `${at}.${key}`));
      case 'ref':
        return ofFields(
          spec.get('typeDefinition', type.reference!.$ref).properties as unknown as Properties,
          value,
          at,
        );
      case 'union':
        return type.types!.some((one) => ofType(one, value, at).length === 0) ? [] : [`${at}: is none of its types`];
      default:
        return [];
    }
  };
  return ofFields(resource.properties as unknown as Properties, properties, resourceType);
}
