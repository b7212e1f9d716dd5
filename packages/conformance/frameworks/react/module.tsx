import { mount } from '@playconnect/react';
import { App } from './app';

mount(<App />);
