import '../shared/telemetry';
import { runService } from '../shared/service';
import { paymentsApp } from './app';

void runService('payments', paymentsApp());
