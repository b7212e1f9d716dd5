import './module';
