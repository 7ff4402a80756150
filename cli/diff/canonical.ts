/**
 * A template's value as one readable text, in which references stay references: `${InvokerRole.Arn}`. What it does not
 * know is shown as JSON, so that two values are shown alike only where they are alike.
 */
export function rendered(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [entry, ...more] = Object.entries(value);
  if (entry && more.length === 0) {
    const [name, operand] = entry as [string, unknown];
    if (name === 'Ref' && typeof operand === 'string') return `\${${operand}}`;
    if (name === 'Fn::GetAtt' && Array.isArray(operand)) return `\${${operand.map(String).join('.')}}`;
    if (name === 'Fn::GetAtt' && typeof operand === 'string') return `\${${operand}}`;
    if (name === 'Fn::Sub' && typeof operand === 'string') return operand;
    if (name === 'Fn::Join' && Array.isArray(operand) && typeof operand[0] === 'string' && Array.isArray(operand[1])) {
      return (operand[1] as readonly unknown[]).map(rendered).join(operand[0]);
    }
  }
  return canonical(value);
}

/** Whether it is a function of CloudFormation, whose value is made at the deploy. */
export function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [name = '', ...more] = Object.keys(value);
  return more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

/** JSON whose keys are in order, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
