import type { PagesPort } from '../../../core/organization/ports';
import { contract } from './contract';

export interface PagesSubject {
  readonly port: PagesPort;
  readonly read: (key: string) => Promise<string | undefined>;
  readonly throttle: () => Promise<void>;
}

export const pagesContract = contract<PagesSubject>('pages', [
  {
    name: 'a page is kept under its key, as it was written last',
    async run({ port, read }) {
      await port.put('organization.html', 'first');
      await port.put('organization.html', '<p>“second”</p>');
      await port.put('days/2026-11-12.html', 'third');
      expect(await read('organization.html')).toBe('<p>“second”</p>');
      expect(await read('days/2026-11-12.html')).toBe('third');
      expect(await read('days/2026-11-13.html')).toBeUndefined();
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing is kept',
    async run({ port, read, throttle }) {
      await throttle();
      await expect(port.put('organization.html', 'x')).rejects.toMatchObject({ name: 'ServiceError' });
      expect(await read('organization.html')).toBeUndefined();
    },
  },
]);
