export { sesHtmlMail } from './html-mail';
export { sesSetup } from './setup';
