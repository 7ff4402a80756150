export { sesHtmlMail } from './html-mail';
