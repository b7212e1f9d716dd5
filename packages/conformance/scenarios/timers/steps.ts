import { click, type, until, type Scenario } from '../../src/steps';

export default {
  name: 'timers',
  title: 'Timers',
  covers: 'timeouts, intervals and animation frames; cleared in time; chained; at zero milliseconds, and their order with microtasks; a search that waits until nobody types; timers of a component that goes',
  steps: [
    until('#once', 'once 1', click('#start-once')),
    until('#ticks', 'ticks 5', click('#start-interval')),
    until('#once', 'once 2', click('#cancelled')),
    until('#order', 'sync micro micro-2 zero later done', click('#start-order')),
    until('#found', 'found tea', type('#search', 'tea')),
    until('#found', 'found teapot', type('#search', 'pot')),
    until('#frames', 'frames 3', click('#start-frames')),
    until('#clock', 'own 3', click('#toggle')),
    click('#toggle'),
    until('#clock', 'own 3', click('#toggle')),
    until('#ticks', 'ticks 5', click('#start-interval')),
  ],
  faults: ['texts'],
} satisfies Scenario;
