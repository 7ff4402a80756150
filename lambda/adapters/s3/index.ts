export { s3Pages } from './pages';
