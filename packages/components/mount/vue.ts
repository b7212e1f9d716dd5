import { components, setups } from '#components';
import { createApp, h } from 'vue';

const app = createApp({ render: () => h(components[location.pathname.slice(1)] ?? Object.values(components)[0]!) });
for (const setup of setups) setup(app);
app.mount('#app');
