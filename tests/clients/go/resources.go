// The rest of what the client has an API for: labels, organizations, users, tasks.
package main

import (
	"errors"
	"fmt"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
	"github.com/influxdata/influxdb-client-go/v2/domain"
)

var suffix = fmt.Sprintf("%x", time.Now().UnixNano())

// first gives the first failure of steps that are tried in order.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func manageLabels(client influxdb2.Client) error {
	owner, err := client.OrganizationsAPI().FindOrganizationByName(ctx, org)
	if err != nil {
		return err
	}
	labels := client.LabelsAPI()
	made, err := labels.CreateLabelWithName(ctx, owner, "go-label-"+suffix, map[string]string{"color": "red"})
	if err != nil {
		return err
	}
	made.Properties.Set("size", "big")
	changed, err := labels.UpdateLabel(ctx, made)
	if err != nil {
		return err
	}
	if err := equal("a property", changed.Properties.AdditionalProperties["size"], "big"); err != nil {
		return err
	}
	found, err := labels.FindLabelByName(ctx, *owner.Id, *made.Name)
	if err != nil {
		return err
	}
	if err := equal("the label's id", *found.Id, *made.Id); err != nil {
		return err
	}
	if _, err := labels.FindLabelsByOrg(ctx, owner); err != nil {
		return err
	}
	_, err = labels.CreateLabelWithName(ctx, owner, "go-label-"+suffix, nil)
	if err := refused("a second label of the name", err, 422); err != nil {
		return err
	}
	if err := labels.DeleteLabel(ctx, made); err != nil {
		return err
	}
	_, err = labels.FindLabelByID(ctx, *made.Id)
	return refused("a label that is gone", err, 404)
}

func manageOrganizations(client influxdb2.Client) error {
	orgs, users := client.OrganizationsAPI(), client.UsersAPI()
	made, err := orgs.CreateOrganizationWithName(ctx, "go-org-"+suffix)
	if err != nil {
		return err
	}
	words := "words"
	made.Description = &words
	changed, err := orgs.UpdateOrganization(ctx, made)
	if err != nil {
		return err
	}
	if err := equal("the description", *changed.Description, words); err != nil {
		return err
	}
	user, err := users.CreateUserWithName(ctx, "go-member-"+suffix)
	if err != nil {
		return err
	}
	if err := first(
		func() error {
			_, err := orgs.AddMember(ctx, made, user)
			return err
		},
		func() error {
			found, err := orgs.GetMembers(ctx, made)
			if err != nil {
				return err
			}
			return equal("members", len(*found), 1)
		},
		func() error {
			found, err := orgs.FindOrganizationsByUserID(ctx, *user.Id)
			if err != nil {
				return err
			}
			return equal("organizations of the member", len(*found), 1)
		},
		func() error { return orgs.RemoveMember(ctx, made, user) },
		func() error {
			_, err := orgs.AddOwner(ctx, made, user)
			return err
		},
		func() error { return orgs.RemoveOwner(ctx, made, user) },
		func() error { return users.DeleteUser(ctx, user) },
		func() error {
			page, err := orgs.GetOrganizations(ctx, api.PagingWithLimit(1))
			if err != nil {
				return err
			}
			return equal("a page of organizations", len(*page), 1)
		},
		func() error { return orgs.DeleteOrganization(ctx, made) },
	); err != nil {
		return err
	}
	_, err = orgs.FindOrganizationByID(ctx, *made.Id)
	return refused("an organization that is gone", err, 404)
}

func manageUsers(client influxdb2.Client) error {
	users := client.UsersAPI()
	made, err := users.CreateUserWithName(ctx, "go-user-"+suffix)
	if err != nil {
		return err
	}
	if err := users.UpdateUserPassword(ctx, made, "correct-horse-1"); err != nil {
		return err
	}
	found, err := users.FindUserByName(ctx, made.Name)
	if err != nil {
		return err
	}
	if err := equal("the user's id", *found.Id, *made.Id); err != nil {
		return err
	}
	session := influxdb2.NewClient(url, "")
	defer session.Close()
	if session.UsersAPI().SignIn(ctx, made.Name, "incorrect-horse") == nil {
		return errors.New("a wrong password was taken")
	}
	if err := first(
		func() error { return session.UsersAPI().SignIn(ctx, made.Name, "correct-horse-1") },
		func() error {
			me, err := session.UsersAPI().Me(ctx)
			if err != nil {
				return err
			}
			return equal("the signed in user", me.Name, made.Name)
		},
		func() error { return session.UsersAPI().MeUpdatePassword(ctx, "correct-horse-1", "another-horse-2") },
		func() error { return session.UsersAPI().SignOut(ctx) },
	); err != nil {
		return err
	}
	if _, err := session.UsersAPI().Me(ctx); err == nil {
		return errors.New("a session outlived its end")
	}
	status := domain.UserStatusInactive
	made.Status = &status
	changed, err := users.UpdateUser(ctx, made)
	if err != nil {
		return err
	}
	if err := equal("status", *changed.Status, status); err != nil {
		return err
	}
	if err := users.DeleteUser(ctx, made); err != nil {
		return err
	}
	_, err = users.FindUserByID(ctx, *made.Id)
	return refused("a user that is gone", err, 404)
}

func manageTasks(client influxdb2.Client) error {
	owner, err := client.OrganizationsAPI().FindOrganizationByName(ctx, org)
	if err != nil {
		return err
	}
	tasks := client.TasksAPI()
	name, script := "go-task-"+suffix, `from(bucket: "none") |> range(start: -1h)`
	made, err := tasks.CreateTaskWithEvery(ctx, name, script, "1h", *owner.Id)
	if err != nil {
		return err
	}
	cron, err := tasks.CreateTaskWithCron(ctx, name, script, "0 3 * * *", *owner.Id)
	if err != nil {
		return err
	}
	words, inactive := "words", domain.TaskStatusTypeInactive
	made.Description, made.Status, made.Every = &words, &inactive, nil
	changed, err := tasks.UpdateTask(ctx, made)
	if err != nil {
		return err
	}
	user, err := client.UsersAPI().CreateUserWithName(ctx, "go-task-user-"+suffix)
	if err != nil {
		return err
	}
	label, err := client.LabelsAPI().CreateLabelWithName(ctx, owner, "go-task-label-"+suffix, nil)
	if err != nil {
		return err
	}
	if err := first(
		func() error { return equal("the description", *changed.Description, words) },
		func() error { return equal("status", *changed.Status, inactive) },
		func() error { return equal("cron", *cron.Cron, "0 3 * * *") },
		func() error {
			found, err := tasks.FindTasks(ctx, &api.TaskFilter{Name: name, OrgID: *owner.Id})
			if err != nil {
				return err
			}
			return equal("tasks of the name", len(found), 2)
		},
		func() error {
			_, err := tasks.AddMember(ctx, made, user)
			return err
		},
		func() error {
			found, err := tasks.FindMembers(ctx, made)
			if err != nil {
				return err
			}
			return equal("members", len(found), 1)
		},
		func() error { return tasks.RemoveMember(ctx, made, user) },
		func() error {
			_, err := tasks.AddLabel(ctx, made, label)
			return err
		},
		func() error {
			found, err := tasks.FindLabels(ctx, made)
			if err != nil {
				return err
			}
			return equal("labels", len(found), 1)
		},
		func() error { return tasks.RemoveLabel(ctx, made, label) },
		func() error {
			found, err := tasks.FindRuns(ctx, made, nil)
			if err != nil {
				return err
			}
			return equal("runs", len(found), 0)
		},
		func() error { return client.UsersAPI().DeleteUser(ctx, user) },
		func() error { return client.LabelsAPI().DeleteLabel(ctx, label) },
		func() error { return tasks.DeleteTask(ctx, cron) },
		func() error { return tasks.DeleteTask(ctx, made) },
	); err != nil {
		return err
	}
	_, err = tasks.GetTaskByID(ctx, made.Id)
	return refused("a task that is gone", err, 404)
}
