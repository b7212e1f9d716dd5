import '../../src/faults';
import './module';
