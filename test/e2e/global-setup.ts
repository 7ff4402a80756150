import setup from '../global-setup';
import { preparePython } from '../../local/python';

/** Before the first file: two that begin at once would both prepare `.venv`. */
export default async function prepare(): Promise<void> {
  await setup();
  await preparePython();
}
