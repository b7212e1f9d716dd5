import { mount } from '@playconnect/react';
import { Menu } from './menu';
import './menu.css';

mount(<Menu />);
