export { ollama } from './local-models';
