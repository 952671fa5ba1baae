import '../shared/telemetry';
import { runService } from '../shared/service';
import { storefrontApp } from './app';

void runService('storefront', storefrontApp());
