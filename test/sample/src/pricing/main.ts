import '../shared/telemetry';
import { runService } from '../shared/service';
import { pricingApp } from './app';

void runService('pricing', pricingApp());
