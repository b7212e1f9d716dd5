//! Servers in virtual time around a scheduler.

use playconnect_qos::{Config, FlowId, Scheduler, Share};

pub struct Machine {
    pub scheduler: Scheduler,
    /// What each server does, and until when.
    servers: Vec<Option<(usize, u64, u64)>>,
    pub clock: u64,
    pub idled: u64,
    tasks: Vec<(FlowId, u64)>,
    pub used: Vec<u64>,
    pub urgent: Vec<bool>,
}

impl Machine {
    pub fn new(servers: usize, config: Config) -> Machine {
        Machine {
            scheduler: Scheduler::new(config),
            servers: vec![None; servers],
            clock: 0,
            idled: 0,
            tasks: Vec::new(),
            used: Vec::new(),
            urgent: Vec::new(),
        }
    }

    /// A task that always has something to do, by steps of at most `cost_max` nanoseconds.
    pub fn spinner(&mut self, flow: FlowId, cost_max: u64) -> usize {
        let task = self.scheduler.add(flow, Share::EQUAL);
        self.scheduler.wake(task, false, self.clock);
        self.tasks.push((task, cost_max));
        self.used.push(0);
        self.urgent.push(false);
        self.tasks.len() - 1
    }

    /// Fills the servers, then goes on to when the first of them is done.
    pub fn step(&mut self, random: &mut fastrand::Rng) {
        for index in 0..self.servers.len() {
            if self.servers[index].is_some() {
                continue;
            }
            let Some(flow) = self.scheduler.pick(self.clock) else { continue };
            let task = self.tasks.iter().position(|(own, _)| *own == flow).expect("a task of ours");
            let cost = random.u64(self.tasks[task].1 / 2 + 1..=self.tasks[task].1);
            self.servers[index] = Some((task, cost, self.clock + cost));
        }
        let done =
            self.servers.iter().enumerate().filter_map(|(index, server)| Some((server.as_ref()?.2, index)));
        let Some((until, index)) = done.min() else {
            let resumes = self.scheduler.resumes_at().expect("somebody has something to do");
            assert!(resumes > self.clock, "nobody was picked although one may go on");
            self.idled += resumes - self.clock;
            self.clock = resumes;
            return;
        };
        let (task, cost, _) = self.servers[index].take().expect("it was there");
        self.clock = until;
        let flow = self.tasks[task].0;
        self.scheduler.charge(flow, cost, self.clock);
        self.used[task] += cost;
        self.scheduler.done(flow, true, self.clock);
        self.scheduler.set_urgent(flow, self.urgent[task], self.clock);
    }

    pub fn run_until(&mut self, clock: u64, random: &mut fastrand::Rng) {
        while self.clock < clock {
            self.step(random);
        }
    }
}
