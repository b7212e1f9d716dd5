import { mount } from '@playconnect/react';
import { Counter } from './Counter';
import './counter.css';

mount(<Counter />);
