import '../shared/telemetry';
import { runService } from '../shared/service';
import { finishMails, startMailer } from './mailer';

startMailer();
void runService('mailer', undefined, finishMails);
