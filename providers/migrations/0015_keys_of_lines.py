"""The key of a line is told by exchange and line number: two indexes of the largest table do the work of four.

To Django it stays a key that the database gives.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TEMP TABLE new_keys ON COMMIT DROP AS
    SELECT l.id, l.exchange_id * 1000000000 + l.line_no AS key
    FROM providers_exchangeline l
    WHERE l.id IN (SELECT line_id FROM providers_lineanswer UNION SELECT line_id FROM providers_linereview);
ALTER TABLE providers_exchangeline DROP COLUMN id CASCADE;
ALTER TABLE providers_exchangeline DROP CONSTRAINT line_once;
ALTER TABLE providers_exchangeline
    ADD COLUMN id bigint GENERATED ALWAYS AS (exchange_id * 1000000000 + line_no) STORED PRIMARY KEY;
UPDATE providers_lineanswer a SET line_id = k.key FROM new_keys k WHERE k.id = a.line_id;
UPDATE providers_linereview r SET line_id = k.key FROM new_keys k WHERE k.id = r.line_id;
ALTER TABLE providers_lineanswer ADD CONSTRAINT line_of_answer
    FOREIGN KEY (line_id) REFERENCES providers_exchangeline (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE providers_linereview ADD CONSTRAINT line_of_review
    FOREIGN KEY (line_id) REFERENCES providers_exchangeline (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('providers', '0014_parts_of_exchanges'),
    ]

    operations = [
        migrations.RunSQL(
            FORWARD,
            state_operations=[migrations.RemoveConstraint(model_name='exchangeline', name='line_once')],
        ),
        migrations.AlterField(
            model_name='exchangeline',
            name='exchange',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='lines', to='providers.exchange'),
        ),
        migrations.AddConstraint(
            model_name='exchangeline',
            constraint=models.CheckConstraint(condition=models.Q(('line_no__gte', 1), ('line_no__lt', 1000000000)), name='line_number_fits_key'),
        ),
        migrations.RemoveConstraint(
            model_name='exchangeline',
            name='record_once_per_exchange',
        ),
        migrations.AddConstraint(
            model_name='exchangeline',
            constraint=models.UniqueConstraint(condition=models.Q(('live', False)), fields=('record', 'exchange'), name='record_done_once_per_exchange'),
        ),
    ]
