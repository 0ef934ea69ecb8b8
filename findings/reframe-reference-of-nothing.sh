#!/bin/sh
# ReFrame 4.10.4 (ReFrame-HPC of PyPI): a test passes although its reference names a
# performance variable that it does not have.
#
# Good guess: the test fails, or ReFrame warns, since what was to be guarded is not measured.
# Behaviour: the reference is ignored without a word, and the test passes.
# Who meets it: tests whose variables come from a program's output (performance variables
# that are made at run time). If a metric is renamed, or its cell is no longer measured, the
# guard against regressions is gone, and everything is green.
# Output seen: "[       OK ] (1/1) tiny /...", "P: present: 1 x", "PASSED", status 0.
# It fails if ReFrame fails the test, or names the reference.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet ReFrame-HPC==4.10.4
cat > tiny.py << 'END'
import reframe as rfm
import reframe.utility.sanity as sn


@rfm.simple_test
class tiny(rfm.RunOnlyRegressionTest):
    valid_systems = ['*']
    valid_prog_environs = ['*']
    executable = 'echo'
    executable_opts = ['done']
    reference = {'*': {'absent': (100, -0.1, 0.1, 'x')}}

    @sanity_function
    def done(self):
        return sn.assert_found('done', self.stdout)

    @run_before('performance')
    def measured(self):
        self.perf_variables = {'present': sn.make_performance_function(lambda: 1, 'x')}
END
status=0
venv/bin/reframe --nocolor --prefix "$tmp/prefix" -c tiny.py -r --performance-report > out 2>&1 || status=$?
grep -E 'P: |PASSED|FAILED|absent' out
echo "status $status"
grep -q 'Ran 1/1' out && grep -q 'PASSED' out && test "$status" -eq 0 && ! grep -q absent out
