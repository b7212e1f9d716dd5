export { scenarios } from '../scenarios/index';
export { buildApp, buildOracle, buildProbe, scenariosOf, type Framework } from './app';
export { Conformance, Difference, type Expected } from './run';
export { faults, faultsOf, type Fault, type Scenario } from './steps';
export { withReport, type Result } from './report';
