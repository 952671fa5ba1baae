import '../shared/telemetry';
import { runService } from '../shared/service';
import { cartApp } from './app';

cartApp().then((app) => runService('cart', app));
