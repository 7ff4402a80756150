export type { ReserveConcurrencyVariables } from './env';
export { RESERVED, setAside } from './set-aside';
