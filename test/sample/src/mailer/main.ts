import '../shared/telemetry';
import { runService } from '../shared/service';
import { sendBatch, startMailer } from './mailer';

startMailer();
void runService('mailer', undefined, sendBatch);
