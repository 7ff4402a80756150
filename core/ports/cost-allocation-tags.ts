export type TagStatus =
  | { readonly kind: 'known'; readonly state: 'active' | 'inactive' | 'unseen' }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface CostAllocationTagsPort {
  /** `unseen`: Cost Explorer does not know the tag, as nothing tagged was used yet. Payers only; members are refused. */
  tagStatus(key: string): Promise<TagStatus>;
}
