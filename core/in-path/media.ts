export const MEDIA = ['image', 'document', 'video', 'audio'] as const;
export type MediaKind = (typeof MEDIA)[number];
