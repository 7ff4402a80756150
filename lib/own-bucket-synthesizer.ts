import {
  type DockerImageAssetLocation,
  type FileAssetLocation,
  type FileAssetSource,
  type ISynthesisSession,
  StackSynthesizer,
} from 'aws-cdk-lib';
import { GuardError } from '../core/errors';

export interface OwnBucketSynthesizerProps {
  /** Text for the template, which may be of references. */
  readonly bucket: string;
  /** Before each key: empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Code of a function, as it lies in the bucket. */
export interface CodeAsset {
  /** Below the prefix. */
  readonly key: string;
  /** What is zipped to it. */
  readonly folder: string;
}

/** Code comes from a bucket that whoever releases the template chooses: no bootstrap, no roles of it, no parameters for each asset. */
export class OwnBucketSynthesizer extends StackSynthesizer {
  private readonly byKey = new Map<string, CodeAsset>();

  constructor(private readonly props: OwnBucketSynthesizerProps) {
    super();
  }

  /** By key, so that it is the same whatever the order of the constructs. */
  get assets(): readonly CodeAsset[] {
    return [...this.byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  override addFileAsset({ sourceHash, fileName }: FileAssetSource): FileAssetLocation {
    if (fileName === undefined) throw unsupported('an asset that a program makes');
    const { bucket, prefix } = this.props;
    const key = `${sourceHash}.zip`;
    this.byKey.set(key, { key, folder: fileName });
    const objectKey = `${prefix}${key}`;
    return {
      bucketName: bucket,
      objectKey,
      httpUrl: `https://${bucket}.s3.${this.boundStack.region}.${this.boundStack.urlSuffix}/${objectKey}`,
      s3ObjectUrl: `s3://${bucket}/${objectKey}`,
    };
  }

  override addDockerImageAsset(): DockerImageAssetLocation {
    throw unsupported('an image');
  }

  override synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}

function unsupported(what: string): GuardError {
  return new GuardError(
    'TEMPLATE_UNSUPPORTED',
    `a template without bootstrap holds code from folders only, got ${what}`,
  );
}
