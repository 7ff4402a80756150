import { LocalError, type LocalModelsPort } from '../../core/health';

/** An Ollama server, or none. */
export class FakeLocalModels implements LocalModelsPort {
  readonly generated: string[] = [];

  /** @param served tags by endpoint; nothing listens at any other */
  constructor(private readonly served: ReadonlyMap<string, readonly string[]>) {}

  async tags(endpoint: string): Promise<readonly string[]> {
    const tags = this.served.get(endpoint);
    if (tags) return tags;
    throw new LocalError('nothingListens', 'connection refused');
  }

  async generateOnce(endpoint: string, tag: string): Promise<void> {
    if (!(await this.tags(endpoint)).includes(tag)) {
      throw new LocalError('httpStatus', `404 model '${tag}' not found at /api/generate`);
    }
    this.generated.push(tag);
  }
}
