"""Measures each system that ReFrame knows with a pack (docs/fleet.md).

    IDLEBENCH=/shared/idlebench reframe -C SYSTEMS -c reframe.py -r --performance-report

Each cell that has a floor is a performance variable: its median in the unit it is judged
by, as a multiple of the floor of the same machine. References are in the file of
IDLEBENCH_REFERENCES, by system and partition:

    {"cluster:nodes": {"wake/impl=bitmap/park=futex/workers=1/gap=50us": [1.1, -0.2, 0.2]}}
"""

import json
import os
import re
import statistics

import reframe as rfm
import reframe.utility.sanity as sn

UNIT = 'x floor'


def medians(folder):
    """The median of each cell's valid launches, by its name, in each unit."""
    values = {}
    with open(os.path.join(folder, 'bench.txt')) as lines:
        for line in lines:
            if line.startswith('Benchmark'):  # that of an invalid launch is a comment
                name, _, *fields = line.split()
                for value, unit in zip(fields[::2], fields[1::2]):
                    values.setdefault((name, unit), []).append(float(value))
    return {key: statistics.median(all) for key, all in values.items()}


def multiples(folder):
    """Each cell in its primary unit, as a multiple of the floor on its machine."""
    with open(os.path.join(folder, 'run.json')) as f:
        primary = json.load(f)['primary']
    all = medians(folder)
    found = {}
    for (name, unit), value in all.items():
        workload, rest = name.removeprefix('Benchmark').split('/', 1)
        workload = re.sub('(?<!^)([A-Z])', r'_\1', workload).lower()
        if primary.get(workload) != unit or re.search('impl=(floor|platform)/', rest):
            continue
        # A spinning floor uses a whole CPU, so CPU time is compared with the one that sleeps.
        spins = 'park=spin/' in rest and not re.match(r'(.*-)?(cost|cpu)-(ns|sec)/', unit)
        floor = re.sub('impl=[^/]*/park=[^/]*', 'impl=floor/park=' + ('spin' if spins else 'futex'), name)
        if all.get((floor, unit), 0) > 0:
            found[f'{workload}/{rest}'] = value / all[floor, unit]
    return found


@rfm.simple_test
class idlebench(rfm.RunOnlyRegressionTest):
    valid_systems = ['*']
    valid_prog_environs = ['*']
    descr = 'idle managers of work-stealing schedulers'
    num_tasks = 1
    exclusive_access = True
    time_limit = '1h'

    @run_before('run')
    def from_pack(self):
        self.executable = os.path.join(os.environ['IDLEBENCH'], 'run')
        self.executable_opts = ['-o', 'results']
        self.keep_files = ['results']

    @property
    def folder(self):
        [name] = os.listdir(os.path.join(self.stagedir, 'results'))
        return os.path.join(self.stagedir, 'results', name)

    @sanity_function
    def sealed(self):
        return sn.all([
            sn.assert_eq(self.job.exitcode, 0),
            sn.assert_found('^Sealed: ', self.stdout),
            sn.assert_true(sn.path_exists(os.path.join(self.folder, 'SHA256SUMS'))),
        ])

    @run_before('performance')
    def against_floors(self):
        found = multiples(self.folder)
        self.perf_variables = {name: sn.make_performance_function(lambda v=value: v, UNIT) for name, value in found.items()}
        file = os.environ.get('IDLEBENCH_REFERENCES')
        if file:
            with open(file) as f:
                references = json.load(f)
            # ReFrame ignores references of variables that do not exist.
            unknown = references.get(self.current_partition.fullname, {}).keys() - found.keys()
            if unknown:
                raise ValueError(f'a reference in {file} has no measurement: {", ".join(sorted(unknown))}')
            self.reference = {
                system: {name: (*reference, UNIT) for name, reference in all.items()}
                for system, all in references.items()
            }
