import * as z from 'zod';

const resourceShape = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  Condition: z.string().optional(),
});
const section = z.record(z.string(), z.record(z.string(), z.unknown())).optional();

export const templateShape = z.looseObject({
  Resources: z.record(z.string(), resourceShape).optional(),
  Parameters: section,
  Mappings: section,
  Conditions: section,
  Outputs: section,
});

export type Resource = z.output<typeof resourceShape>;
export type Template = z.output<typeof templateShape>;
