export { removeOwnTmpdir as default } from './helpers/own-tmpdir';
